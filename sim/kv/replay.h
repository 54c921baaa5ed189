// SPDX-License-Identifier: Apache-2.0
// Replays a workload's prompts against one block store without time or transfers: what share of the blocks is
// found there.
#pragma once

#include <cstdint>

#include "sim/kv/tier_settings.h"
#include "traces/source.h"

namespace kvsim::sim {

struct ReplayResult {
  std::uint64_t lookups = 0;  // blocks of all prompts
  std::uint64_t hits = 0;     // of these, resident, at whatever position
  double hit_ratio() const {
    return lookups == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(lookups);
  }
};

// `block_tokens` > 0. Requests in order of arrival; each prompt's blocks head first, the partial one at its
// end included: a block that is there is used, another is stored. All blocks take the same room, answers are
// not stored.
ReplayResult replay_blocks(traces::Source& source, std::uint32_t block_tokens, std::uint64_t capacity_blocks,
                           EvictionPolicy policy);

}  // namespace kvsim::sim
