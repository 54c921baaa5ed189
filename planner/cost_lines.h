// SPDX-License-Identifier: Apache-2.0
// What has to be paid for, line by line (planner/cost.h says by which rules).
#pragma once

#include <vector>

#include "planner/cost.h"

namespace kvsim::planner {

inline constexpr double kHoursPerYear = 8760;

// By site of the problem.
std::vector<FleetPower> site_power(const Problem& problem, const std::vector<PoolOption>& pools,
                                   const Quantities& quantities, const AcceleratorWatts& watts);

// Lines of a count of 0 are left out, as is what would fall due at the plan's end or later.
std::vector<CostLine> cost_lines(const Problem& problem, const std::vector<PoolOption>& pools,
                                 const Quantities& quantities, const std::vector<FleetPower>& power);

}  // namespace kvsim::planner
