// SPDX-License-Identifier: Apache-2.0
// Numbers of summary.json by dotted path, such as "latency.ttft_seconds.p99" or "pools.0.busy_fraction".
#pragma once

#include <string>
#include <vector>

namespace kvsim::sim {

// All that a summary may hold but what depends on a clock, with 0 for every place in a list.
std::vector<std::string> metric_names();

std::string any_place(
    const std::string& metric);  // "pools.3.mean_watts" as metric_names() has it: pools.0...

}  // namespace kvsim::sim
