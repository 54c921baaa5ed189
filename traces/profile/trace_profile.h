// SPDX-License-Identifier: Apache-2.0
// All that `kvsim trace info` tells of a trace, from one pass over it.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/profile/engine_reuse.h"
#include "traces/profile/reuse_profile.h"
#include "traces/profile/shape_profile.h"
#include "traces/source.h"

namespace kvsim::traces {

struct ProfileSettings {
  std::uint32_t block_tokens = 16;
  std::uint32_t engine_block_tokens = 16;
  std::vector<std::uint64_t> capacities_tokens;  // empty: round_capacities()
  bool lfu = false;                              // needs capacities_tokens
  std::vector<double> retentions_seconds = {900,    1800,   3600,    7200,    14'400,  28'800,
                                            43'200, 86'400, 172'800, 259'200, 432'000, 604'800};  // each >= 1
};

struct TraceProfile {
  ArrivalShape arrivals;
  LengthShape input, output;
  std::uint32_t block_tokens = 0;
  std::uint64_t references = 0, unique_blocks = 0, hits = 0;  // of blocks, without limit
  double hit_ratio = 0;
  std::vector<CapacityPoint> by_capacity;
  std::vector<RetentionPoint> by_retention;
  std::uint32_t engine_block_tokens = 0;
  std::uint64_t engine_hit_tokens = 0, prompt_tokens = 0;
};

TraceProfile profile(Source& source, const ProfileSettings& settings);

}  // namespace kvsim::traces
