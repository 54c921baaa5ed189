// SPDX-License-Identifier: Apache-2.0
#include "planner/known_watts.h"

namespace kvsim::planner {

AcceleratorWatts idle_watts(const Problem& problem, const std::vector<PoolOption>& options,
                            const sim::FleetInputs& inputs) {
  AcceleratorWatts watts;
  for (const PoolOption& option : options) {
    const ServerOption& server = problem.servers[option.server];
    watts.push_back(server.accelerators * inputs.catalog.find(server.accelerator)->idle_watts.value);
  }
  return watts;
}

}  // namespace kvsim::planner
