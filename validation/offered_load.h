// SPDX-License-Identifier: Apache-2.0
// What a workload offers, whatever becomes of it: baselines and the rule of saturation start from it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "validation/run_recipe.h"

namespace kvsim::validation {

struct OfferedLoad {
  std::optional<std::uint32_t> stage;  // nothing: the whole run
  double rate = 0;                     // requests/s
  double duration_seconds = 0;         // of sending
  std::uint64_t requests = 0;
  double prompt_tokens = 0;  // mean of a request
  double output_tokens = 0;  // mean of a request
};

// The stages of a workload that are sent at a rate, by index. Of a workload without stages, in which no
// request waits for an answer, the whole run: its rate is that of its arrivals. Of others nothing.
// InputError where the workload cannot be read.
std::vector<OfferedLoad> offered_loads(const Run& run);

struct OfferedLengths {  // means of all requests of a run
  double prompt_tokens = 0;
  double output_tokens = 0;
};
OfferedLengths offered_lengths(const Run& run);  // InputError where the workload cannot be read

const OfferedLoad* load_of(const std::vector<OfferedLoad>& loads, std::optional<std::uint32_t> stage);

}  // namespace kvsim::validation
