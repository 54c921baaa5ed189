// SPDX-License-Identifier: Apache-2.0
// Lines of cost to flows by year (planner/cost.h says by which rules).
#pragma once

#include <vector>

#include "planner/cost.h"

namespace kvsim::planner {

std::vector<YearFlow> cash_flow(const Finance& finance, const std::vector<CostLine>& lines);

}  // namespace kvsim::planner
