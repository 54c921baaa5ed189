// SPDX-License-Identifier: Apache-2.0
#include "planner/pareto.h"

#include <algorithm>

namespace kvsim::planner {
namespace {

bool is_as_good(const ParetoPoint& a, const ParetoPoint& b) {
  return a.cost <= b.cost && a.attainment >= b.attainment && a.watts <= b.watts && a.carbon <= b.carbon;
}

bool is_beaten(const std::vector<ParetoPoint>& points, std::size_t index) {
  for (std::size_t other = 0; other < points.size(); ++other) {
    if (other == index || !is_as_good(points[other], points[index])) continue;
    if (other < index || !is_as_good(points[index], points[other])) return true;
  }
  return false;
}

}  // namespace

std::vector<std::size_t> pareto_front(const std::vector<ParetoPoint>& points) {
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!is_beaten(points, i)) front.push_back(i);
  }
  std::stable_sort(front.begin(), front.end(),
                   [&](std::size_t a, std::size_t b) { return points[a].cost < points[b].cost; });
  return front;
}

}  // namespace kvsim::planner
