// SPDX-License-Identifier: Apache-2.0
// Consecutive blocks over several tiers: what an endpoint has of a prompt where some of it is in GPU memory
// and some in host memory.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/routing/endpoint.h"

namespace kvsim::sim {

struct TierRange {
  EndpointId endpoint = 0;
  std::uint64_t begin = 0;  // blocks of the prompt
  std::uint64_t end = 0;
  double weight = 1;  // of each
};

struct TierRun {
  std::uint64_t blocks = 0;
  double weight = 0;
};

// Blocks from the first on that one of the ranges has, each with the largest weight of those that have it.
// Cost: ranges of one endpoint, squared. [first, last) are of one endpoint, by ascending begin.
TierRun consecutive(const TierRange* first, const TierRange* last);

}  // namespace kvsim::sim
