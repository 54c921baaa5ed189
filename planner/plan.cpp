// SPDX-License-Identifier: Apache-2.0
#include "planner/plan.h"

#include <algorithm>

namespace kvsim::planner {

bool keeps_everything(const Judgement& normal, const std::vector<DegradedCase>& degraded,
                      const std::vector<Violation>& violations) {
  return normal.passes && violations.empty() &&
         std::all_of(degraded.begin(), degraded.end(),
                     [](const DegradedCase& one) { return one.judgement.passes; });
}

double Plan::gap() const {
  if (!best || closed) return 0;
  const double objective = evaluated[*best].cost.objective;
  return objective <= 0 ? 0 : std::max(0.0, (objective - bound) / objective);
}

}  // namespace kvsim::planner
