// SPDX-License-Identifier: Apache-2.0
#include "planner/known_watts.h"

namespace kvsim::planner {

AcceleratorWatts idle_watts(const Problem& problem, const std::vector<PoolOption>& options) {
  AcceleratorWatts watts;
  for (const PoolOption& option : options) {
    const ServerOption& server = problem.servers[option.server];
    watts.push_back(server.accelerators * server.accelerator_idle_watts);
  }
  return watts;
}

}  // namespace kvsim::planner
