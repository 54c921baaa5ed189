// SPDX-License-Identifier: Apache-2.0
#include "planner/progress_line.h"

#include <fmt/format.h>

#include "planner/in_words.h"

namespace kvsim::planner {

std::string progress_line(const std::string& what, const Plan& plan) {
  if (what == "analytic" && plan.analytic)
    return "by hand, nothing simulated yet: " + in_words(plan.problem, plan.options.pools, *plan.analytic);
  if (!plan.best) return fmt::format("{}: {} fleets simulated, none passes yet", what, plan.evaluated.size());
  const EvaluatedFleet& best = plan.evaluated[*plan.best];
  return fmt::format("{}: {} fleets simulated, best {:.0f} {}: {}", what, plan.evaluated.size(),
                     best.cost.objective, plan.problem.currency,
                     in_words(plan.problem, plan.options.pools, best.choice));
}

}  // namespace kvsim::planner
