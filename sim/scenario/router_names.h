// SPDX-License-Identifier: Apache-2.0
// The one list of router policies by name: the fleet reader checks against it, the factory of sim/routing has
// one policy for each.
#pragma once

#include <string>
#include <vector>

namespace kvsim::sim {

struct RouterPolicy {
  std::string name;
  std::string what;                     // one line for help and docs
  std::vector<std::string> parameters;  // names that `router.parameters` may hold
};

const std::vector<RouterPolicy>& router_policies();
std::vector<std::string> valid_router_policies();  // their names

}  // namespace kvsim::sim
