// SPDX-License-Identifier: Apache-2.0
#include "planner/output/alternatives.h"

#include <algorithm>

namespace kvsim::planner {

std::vector<std::size_t> alternatives(const Plan& plan) {
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < plan.evaluated.size(); ++i)
    if (plan.evaluated[i].feasible() && plan.best != i) others.push_back(i);
  std::stable_sort(others.begin(), others.end(), [&](std::size_t a, std::size_t b) {
    return plan.evaluated[a].cost.objective < plan.evaluated[b].cost.objective;
  });
  return others;
}

std::vector<std::string> faults(const EvaluatedFleet& fleet) {
  std::vector<std::string> found = fleet.normal.misses;
  if (found.empty() && !fleet.normal.passes) found.emplace_back("does not keep its goals");
  for (const DegradedCase& one : fleet.degraded) {
    if (one.judgement.passes) continue;
    if (one.judgement.misses.empty()) found.push_back("without " + one.lost + ": does not keep its goals");
    for (const std::string& miss : one.judgement.misses) found.push_back("without " + one.lost + ": " + miss);
  }
  for (const Violation& violation : fleet.violations)
    found.push_back(violation.rule + ": " + violation.message);
  return found;
}

std::optional<std::size_t> nearest_miss(const Plan& plan) {
  std::optional<std::size_t> nearest;
  for (std::size_t i = 0; i < plan.evaluated.size(); ++i) {
    const EvaluatedFleet& fleet = plan.evaluated[i];
    if (fleet.feasible() || !fleet.normal.ran) continue;
    if (!nearest || fleet.normal.attainment > plan.evaluated[*nearest].normal.attainment) nearest = i;
  }
  return nearest;
}

}  // namespace kvsim::planner
