// SPDX-License-Identifier: Apache-2.0
#include "planner/known_watts.h"

#include <cmath>

namespace kvsim::planner {

AcceleratorWatts idle_watts(const Problem& problem, const std::vector<PoolOption>& options) {
  AcceleratorWatts watts;
  for (const PoolOption& option : options) {
    const ServerOption& server = problem.servers[option.server];
    watts.push_back(server.accelerators * server.accelerator_idle_watts);
  }
  return watts;
}

AcceleratorWatts known_watts(const Problem& problem, const std::vector<PoolOption>& options,
                             const Judgement& judgement) {
  AcceleratorWatts watts = idle_watts(problem, options);
  for (std::size_t i = 0; i < judgement.watts.size(); ++i)
    if (!std::isnan(judgement.watts[i])) watts[i] = judgement.watts[i];
  return watts;
}

}  // namespace kvsim::planner
