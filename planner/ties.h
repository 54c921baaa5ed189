// SPDX-License-Identifier: Apache-2.0
// Prices are ranges: which fleets cannot be told from the cheapest.
#pragma once

#include <vector>

#include "planner/plan.h"

namespace kvsim::planner {

// Feasible fleets that are no dearer than the best once each price takes the end of its range that favours
// them: what both fleets buy has the same price in both.
std::vector<std::size_t> ties(const Plan& plan, const AcceleratorWatts& idle);

}  // namespace kvsim::planner
