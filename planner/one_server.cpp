// SPDX-License-Identifier: Apache-2.0
#include "planner/one_server.h"

namespace kvsim::planner {

FleetChoice one_server(const Problem& problem, std::size_t options, std::size_t option) {
  FleetChoice choice;
  choice.servers.assign(options, 0);
  choice.servers[option] = 1;
  for (const StorageOption& storage : problem.storage) {
    choice.storage.emplace_back();
    if (!storage.sizes.empty()) choice.storage.back() = storage.sizes.size() - 1;
  }
  return choice;
}

}  // namespace kvsim::planner
