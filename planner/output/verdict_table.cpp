// SPDX-License-Identifier: Apache-2.0
#include "planner/output/verdict_table.h"

#include <fmt/format.h>

#include "planner/output/json_parts.h"

namespace kvsim::planner {
namespace {

std::string checks_of(const Judgement& judgement, const std::string& when) {
  std::string lines;
  for (const GoalCheck& check : judgement.checks)
    lines += fmt::format("{} {}: {} {:.4g}, asked for {:.4g} ({})\n", check.met ? "kept  " : "MISSED",
                         check.slo_class, check.what, check.value, check.goal, when);
  if (!judgement.ran)
    for (const std::string& miss : judgement.misses) lines += fmt::format("MISSED {} ({})\n", miss, when);
  return lines;
}

void add_judgement(JsonWriter& json, const Judgement& judgement) {
  json.begin_object().member("passes", judgement.passes).member("attainment", judgement.attainment);
  add_checks(json, judgement);
  json.end_object();
}

void add_cost(JsonWriter& json, const Problem& problem, const FleetCost& cost) {
  json.begin_object()
      .member("currency", problem.currency)
      .member("tco", cost.tco)
      .member("capex", cost.capex);
  json.member("opex_per_year", cost.opex_per_year).member("facility_watts", cost.facility_watts);
  json.member("carbon_kg_per_year", cost.carbon_kg_per_year).end_object();
}

}  // namespace

std::string verdict_table(const Problem& problem, const FleetVerdict& verdict) {
  std::string text = checks_of(verdict.normal, "normal operation");
  for (const DegradedCase& one : verdict.degraded) text += checks_of(one.judgement, "without " + one.lost);
  for (const Violation& violation : verdict.violations)
    text += fmt::format("BROKEN {}: {}\n", violation.rule, violation.message);
  if (verdict.cost)
    text += fmt::format("\ncosts {:.0f} {} over {:.3g} years, {:.0f} at the start; {:.2f} kW on average\n",
                        verdict.cost->tco, problem.currency, problem.finance.years, verdict.cost->capex,
                        verdict.cost->facility_watts / 1000);
  return text + (verdict.passes() ? "the fleet keeps everything\n" : "the fleet does not keep everything\n");
}

void write_verdict_json(std::ostream& out, const Problem& problem, const FleetVerdict& verdict) {
  JsonWriter json(out);
  json.begin_object().member("passes", verdict.passes()).key("normal");
  add_judgement(json, verdict.normal);
  add_objects(json, "degraded", verdict.degraded, [&](const DegradedCase& one) {
    json.member("lost", one.lost).key("judgement");
    add_judgement(json, one.judgement);
  });
  add_violations(json, verdict.violations);
  json.key("cost");
  if (verdict.cost)
    add_cost(json, problem, *verdict.cost);
  else
    json.null();
  json.end_object();
}

}  // namespace kvsim::planner
