// SPDX-License-Identifier: Apache-2.0
// From a choice of servers to the fleet that the simulator reads.
#pragma once

#include "planner/options.h"
#include "planner/problem.h"

namespace kvsim::planner {

// The fleet YAML as a tree whose nodes keep the places of the problem's file. Pools without servers are left
// out; a fleet with one that only prefills has the problem's router for that. With `with_tenants` false,
// tenants and the default policy are left out: nothing is refused for them.
Document compose_fleet(const Problem& problem, const std::vector<PoolOption>& pools,
                       const FleetChoice& choice, bool with_tenants = true);

}  // namespace kvsim::planner
