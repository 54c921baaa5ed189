// SPDX-License-Identifier: Apache-2.0
// The same figures for all requests and for those of one model, class, tenant or pool.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/metrics/summarize.h"

namespace kvsim::sim {

// How requests are parted: `bucket` names the part of a (pool, group), or -1.
struct Partition {
  std::vector<std::string> names;
  std::function<int(std::uint32_t pool, std::uint32_t group)> bucket;
};
Partition whole();
Partition by_label(const std::vector<std::string>& labels, const std::vector<Group>& groups,
                   std::uint32_t Group::*field);
Partition by_pool(const std::vector<PoolInfo>& pools);

// `whole_run`, where given, holds the latencies of all completed requests: a part that has them all copies
// it.
std::vector<GroupSummary> group_summaries(const Recorder& recorder, const RunFacts& facts,
                                          const Partition& partition, double duration_seconds,
                                          const Latency* whole_run = nullptr);
LatencyCurves latency_curves(const Recorder& recorder);

// Jain's index (sum x)^2 / (n sum x^2) over groups with requests, x being the speed that a group gets: output
// tokens of completed requests for each second its requests spent in the system, times the share that
// completed.
double jain_index(const Recorder& recorder, const Partition& partition);

}  // namespace kvsim::sim
