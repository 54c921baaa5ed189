// SPDX-License-Identifier: Apache-2.0
// Which of several fleets no other one beats.
#pragma once

#include <cstddef>
#include <vector>

namespace kvsim::planner {

struct ParetoPoint {
  double cost = 0;
  double attainment = 0;  // more is better; less of all others
  double watts = 0;
  double carbon = 0;
};

// Indexes of the points that no other point beats (as good in all, better in one), ascending by cost, then by
// index. Of equal points the first.
std::vector<std::size_t> pareto_front(const std::vector<ParetoPoint>& points);

}  // namespace kvsim::planner
