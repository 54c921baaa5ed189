// SPDX-License-Identifier: Apache-2.0
// Sources as trace files. A closed loop is written as such by kvsim's own format only: each later turn with
// `after` and `think_seconds`. docs/traces.md describes the formats.
#pragma once

#include <cstdint>
#include <ostream>

#include "traces/source.h"

namespace kvsim::traces {

struct Written {
  std::uint64_t requests = 0;
  std::uint64_t turns = 0;  // among them, later turns of a closed loop
};

// kvsim's own JSONL; `block_tokens` is a note for `trace info`, 0: none. Reading it back gives the same
// requests.
Written write_kvsim(Source& source, std::uint32_t block_tokens, std::ostream& out);

// Mooncake's JSONL with ids of `block_tokens` tokens, numbered as they appear. Later turns get the arrival
// that they would have if answers took no time; models, classes, tenants and priorities are lost.
Written write_mooncake(Source& source, std::uint32_t block_tokens, std::ostream& out);

}  // namespace kvsim::traces
