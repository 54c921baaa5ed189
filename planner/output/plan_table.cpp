// SPDX-License-Identifier: Apache-2.0
#include "planner/output/plan_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "planner/in_words.h"
#include "planner/output/alternatives.h"
#include "planner/output/bill.h"
#include "planner/output/recommendation.h"
#include "planner/output/tenant_costs.h"
#include "sim/report/table_cells.h"

namespace kvsim::planner {
namespace {

using sim::number_cell;
using sim::percent_cell;
using sim::Table;

constexpr std::size_t kShownRejected = 12;

std::string titled(const std::string& title, const Table& rows) {
  return rows.size() < 2 ? "" : fmt::format("\n{}\n{}", title, format_table(rows));
}

std::string goal_cell(const GoalCheck& check, double value) {
  return check.what == "attainment" ? percent_cell(value) : sim::milliseconds_cell(value) + " ms";
}

class PlanTable {
 public:
  PlanTable(const Plan& plan, const WhatIf& what_if) : plan_(plan), what_if_(what_if) {}

  std::string text() const {
    std::string text = recommendation(plan_) + '\n';
    for (const std::string& path : plan_.conflicts) text += fmt::format("  conflict: {}\n", path);
    if (plan_.best)
      text += certainty(plan_) + '\n' + bill() + cost() + goals() + losses() + robustness() + others();
    return text + what_if() + rejected();
  }

 private:
  const EvaluatedFleet& best() const { return plan_.evaluated[*plan_.best]; }
  std::string fleet(std::size_t index) const {
    return in_words(plan_.problem, plan_.options.pools, plan_.evaluated[index].choice);
  }

  std::string bill() const {
    Table rows{{"what", "site", "item", "count", "each", "total", "a year"}};
    for (const BillLine& bill : bill_of_materials(plan_)) {
      const std::string later = bill.line.year > 0 ? fmt::format(" (year {})", bill.line.year) : "";
      rows.push_back({name(bill.line.kind) + later, bill.line.site, bill.line.item,
                      whole_number(bill.line.count), whole_number(bill.unit.value),
                      whole_number(bill.line.purchase),
                      bill.is_rent() ? whole_number(bill.line.per_year) : "-"});
    }
    return titled("Bill of materials [" + plan_.problem.currency + "]", rows);
  }

  std::string cost() const {
    const FleetCost& cost = best().cost;
    const ServedPrices prices = served_prices(plan_);
    const Table rows{
        {"cost", plan_.problem.currency},
        {fmt::format("total of {} years", plan_.problem.finance.years), whole_number(cost.tco)},
        {"at the start", whole_number(cost.capex)},
        {"running, a year", whole_number(cost.opex_per_year)},
        {"an hour", number_cell(cost.per_hour, 2)},
        {"a thousand requests", number_cell(1000 * prices.per_request, 3)},
        {"a million input tokens, carrying all of it", number_cell(prices.per_million_input_tokens, 3)},
        {"a million output tokens, carrying all of it", number_cell(prices.per_million_output_tokens, 3)},
        {"facility power, mean [W]", whole_number(cost.facility_watts)},
        {"facility power, nameplate [W]", whole_number(cost.facility_watts_most)},
        {"carbon [kg a year]", whole_number(cost.carbon_kg_per_year)}};
    return '\n' + format_table(rows);
  }

  std::string goals() const {
    Table rows{{"class", "goal", "simulated", "asked for", "kept"}};
    for (const GoalCheck& check : best().normal.checks)
      rows.push_back({check.slo_class.empty() ? "all" : check.slo_class, check.what,
                      goal_cell(check, check.value), goal_cell(check, check.goal), check.met ? "yes" : "no"});
    return titled("Goals", rows);
  }

  std::string losses() const {
    Table rows{{"lost", "attainment", "kept"}};
    for (const DegradedCase& one : best().degraded)
      rows.push_back({one.lost, percent_cell(one.judgement.attainment), one.judgement.passes ? "yes" : "no"});
    return titled("What may be lost", rows);
  }

  std::string robustness() const {
    std::string text;
    if (plan_.probability.draws > 0)
      text += fmt::format("\nP(goals kept) {}: {} of {} draws of profiles and demand\n",
                          percent_cell(plan_.probability.probability()), plan_.probability.met,
                          plan_.probability.draws);
    for (const WorthMeasuring& one : plan_.measure_first)
      text += fmt::format("measure before signing: {} (moves the attainment by {})\n", one.what,
                          percent_cell(one.spread));
    for (const TunedSetting& one : plan_.tuned)
      text += fmt::format("tuned: {} from {} to {}, attainment {} to {}\n", one.path, one.from, one.to,
                          percent_cell(one.attainment_before), percent_cell(one.attainment_after));
    for (const std::size_t tie : plan_.ties)
      text += fmt::format("cannot be told from the best within the range of prices: {}\n", fleet(tie));
    return text;
  }

  std::string others() const {
    Table rows{{"objective", "more", "attainment", "kW", "fleet"}};
    std::vector<std::size_t> shown = alternatives(plan_);
    shown.resize(std::min(shown.size(), kShownAlternatives));
    for (const std::size_t i : shown) {
      const EvaluatedFleet& other = plan_.evaluated[i];
      rows.push_back(
          {whole_number(other.cost.objective), percent_cell(other.cost.objective / best().cost.objective - 1),
           percent_cell(other.normal.attainment), number_cell(other.cost.facility_watts / 1000), fleet(i)});
    }
    return titled("Alternatives that keep every goal", rows);
  }

  std::string difference(double tco) const {
    if (!plan_.best) return "-";
    const double more = tco - best().cost.tco;
    return (more > 0 ? "+" : "") + whole_number(more);
  }

  std::string variants(const std::string& title, const std::vector<VariantRow>& rows) const {
    Table table{{"plan", "TCO", "difference", "fleet"}};
    for (const VariantRow& row : rows) {
      if (row.state == PlanState::kFound)
        table.push_back(
            {row.name, whole_number(row.tco), difference(row.tco), row.same_fleet ? "the same" : row.fleet});
      else
        table.push_back(
            {row.name, "-", "-", row.state == PlanState::kInfeasible ? "infeasible" : "none found"});
    }
    return titled(fmt::format("{} [{}]", title, plan_.problem.currency), table);
  }

  std::string what_if() const {
    return variants("What if", what_if_.scenarios) + variants("What each rule costs", what_if_.rule_prices) +
           variants("What moves the answer", what_if_.sensitivity);
  }

  std::string rejected() const {
    Table rows{{"left out", "why"}};
    const std::vector<Rejected>& all = plan_.options.rejected;
    for (std::size_t i = 0; i < std::min(all.size(), kShownRejected); ++i)
      rows.push_back({all[i].what, all[i].reason + (all[i].path.empty() ? "" : " (" + all[i].path + ")")});
    std::string text = titled("Left out", rows);
    if (all.size() > kShownRejected)
      text += fmt::format("and {} more in rejected.csv\n", all.size() - kShownRejected);
    return text;
  }

  const Plan& plan_;
  const WhatIf& what_if_;
};

}  // namespace

std::string plan_table(const Plan& plan, const WhatIf& what_if) { return PlanTable(plan, what_if).text(); }

}  // namespace kvsim::planner
