// SPDX-License-Identifier: Apache-2.0
#include "planner/output/recommendation.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "planner/in_words.h"
#include "planner/output/alternatives.h"
#include "sim/report/table_cells.h"

namespace kvsim::planner {
namespace {

std::string found(const Plan& plan) {
  const EvaluatedFleet& best = plan.evaluated[*plan.best];
  return fmt::format(
      "Run {}: {} over {} years, of which {} at the start; every goal is kept, the least attainment of any "
      "class is {}, and {} kW are drawn on average.",
      in_words(plan.problem, plan.options.pools, best.choice), money(plan, best.cost.tco),
      plan.problem.finance.years, money(plan, best.cost.capex), sim::percent_cell(best.normal.attainment),
      sim::number_cell(best.cost.facility_watts / 1000));
}

std::string infeasible(const Plan& plan) {
  if (!plan.shortage.empty()) return fmt::format("No fleet can meet everything: {}.", plan.shortage);
  if (plan.conflicts.empty()) return "No fleet can serve the workload within its goals.";
  return fmt::format("No fleet can meet everything: {} cannot {}; relax one of them.",
                     join(plan.conflicts, ", "),
                     plan.conflicts.size() == 1 ? "hold with this workload" : "hold together");
}

std::string not_found(const Plan& plan) {
  const std::optional<std::size_t> nearest = nearest_miss(plan);
  std::string text =
      fmt::format("No fleet that was simulated keeps every goal ({} tried)", plan.evaluated.size());
  if (!nearest) return text + ".";
  const EvaluatedFleet& fleet = plan.evaluated[*nearest];
  return text + fmt::format("; the nearest is {}, with an attainment of {} ({}).",
                            in_words(plan.problem, plan.options.pools, fleet.choice),
                            sim::percent_cell(fleet.normal.attainment), join(faults(fleet), "; "));
}

}  // namespace

std::string whole_number(double value) {
  if (!std::isfinite(value)) return "-";
  std::string digits = fmt::format("{:.0f}", std::abs(value));
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return value < -0.5 ? "-" + digits : digits;
}

std::string money(const Plan& plan, double amount) {
  return plan.problem.currency + " " + whole_number(amount);
}

const char* name(PlanState state) {
  constexpr const char* kNames[] = {"found", "infeasible", "not_found"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string recommendation(const Plan& plan) {
  if (plan.best) return found(plan);
  return plan.state == PlanState::kInfeasible ? infeasible(plan) : not_found(plan);
}

std::string certainty(const Plan& plan) {
  if (!plan.best) return "";
  if (plan.closed) return "Proven the cheapest: every fleet that could cost less was simulated and fails.";
  const Objective& weights = plan.problem.objective;
  const bool is_cost =
      weights.tco == 1 && weights.capex == 0 && weights.per_watt == 0 && weights.per_carbon_kg == 0;
  return fmt::format("Not proven the cheapest: no fleet {} {}, so at most {} could still be saved.",
                     is_cost ? "costs less than" : "has an objective under", money(plan, plan.bound),
                     sim::percent_cell(plan.gap()));
}

}  // namespace kvsim::planner
