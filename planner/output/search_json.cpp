// SPDX-License-Identifier: Apache-2.0
#include "planner/in_words.h"
#include "planner/output/alternatives.h"
#include "planner/output/json_parts.h"
#include "planner/output/recommendation.h"
#include "sim/report/labels.h"

namespace kvsim::planner {
namespace {

void add_judgement(JsonWriter& json, const Judgement& judgement) {
  json.member("ran", judgement.ran).member("passes", judgement.passes);
  json.member("attainment", judgement.attainment).member("completed_share", judgement.completed_share);
  add_checks(json, judgement);
}

void add_fleet(JsonWriter& json, const Plan& plan, const EvaluatedFleet& fleet) {
  json.member("fleet", in_words(plan.problem, plan.options.pools, fleet.choice));
  json.member("origin", fleet.origin).member("feasible", fleet.feasible());
  json.key("cost").begin_object();
  add_totals(json, fleet.cost);
  json.end_object().key("normal").begin_object();
  add_judgement(json, fleet.normal);
  json.end_object();
  add_objects(json, "degraded", fleet.degraded, [&](const DegradedCase& one) {
    json.member("lost", one.lost);
    add_judgement(json, one.judgement);
  });
  add_violations(json, fleet.violations);
  add_list(json, "faults", faults(fleet));
}

void add_variants(JsonWriter& json, std::string_view key, const std::vector<VariantRow>& rows) {
  add_objects(json, key, rows, [&](const VariantRow& row) {
    json.member("name", row.name);
    add_list(json, "settings", row.settings);
    json.member("state", name(row.state)).member("fleet", row.fleet).member("same_fleet", row.same_fleet);
    json.member("objective", row.objective).member("capex", row.capex).member("tco", row.tco);
    json.member("facility_watts_mean", row.watts);
  });
}

}  // namespace

void add_checks(JsonWriter& json, const Judgement& judgement) {
  add_objects(json, "checks", judgement.checks, [&](const GoalCheck& check) {
    json.member("class", check.slo_class).member("what", check.what).member("value", check.value);
    json.member("goal", check.goal).member("met", check.met);
  });
  add_list(json, "misses", judgement.misses);
}

void add_violations(JsonWriter& json, const std::vector<Violation>& violations) {
  add_objects(json, "violations", violations, [&](const Violation& violation) {
    json.member("rule", violation.rule).member("message", violation.message);
  });
}

void add_evaluated(JsonWriter& json, const Plan& plan) {
  json.key("analytic_fleet");
  plan.analytic ? json.value(in_words(plan.problem, plan.options.pools, *plan.analytic)) : json.null();
  add_objects(json, "evaluated", plan.evaluated,
              [&](const EvaluatedFleet& fleet) { add_fleet(json, plan, fleet); });
}

void add_hand_checks(JsonWriter& json, const Plan& plan) {
  add_objects(json, "capacities", plan.capacities, [&](const Capacity& capacity) {
    const DemandClass& demand = plan.options.demand[capacity.demand];
    json.member("tenant", sim::tenant_label(demand.tenant)).member("model", demand.model);
    json.member("class", demand.slo_class).member("option", plan.options.pools[capacity.option].name);
    json.member("bound_requests_per_second", capacity.bound);
    json.member("by_hand_requests_per_second", capacity.analytic);
    json.member("simulated_requests_per_second", capacity.simulated);
  });
  add_objects(json, "hand_checks", plan.hand_checks, [&](const HandCheck& check) {
    json.member("option", plan.options.pools[check.option].name);
    json.member("requests_per_second", check.requests_per_second);
    json.member("weights_bytes", check.weights_bytes).member("kv_bytes_per_token", check.kv_bytes_per_token);
    json.member("kv_capacity_tokens", check.kv_capacity_tokens);
    json.member("concurrency", check.concurrency).member("kv_tokens_needed", check.kv_tokens_needed);
    json.member("flops_per_second", check.flops_per_second);
    json.member("peak_flops_per_second", check.peak_flops_per_second);
    json.member("bytes_per_second", check.bytes_per_second);
    json.member("peak_bytes_per_second", check.peak_bytes_per_second);
    json.member("busy_fraction", check.busy_fraction).member("limit", check.limit);
  });
}

void add_robustness(JsonWriter& json, const Plan& plan) {
  json.key("slo_probability").begin_object();
  json.member("draws", plan.probability.draws).member("met", plan.probability.met).key("probability");
  plan.probability.draws > 0 ? json.value(plan.probability.probability()) : json.null();
  json.end_object();
  add_objects(json, "measure_first", plan.measure_first, [&](const WorthMeasuring& one) {
    json.member("what", one.what).member("attainment_spread", one.spread);
  });
  add_objects(json, "tuned", plan.tuned, [&](const TunedSetting& one) {
    json.member("path", one.path).member("from", one.from).member("to", one.to);
    json.member("attainment_before", one.attainment_before).member("attainment_after", one.attainment_after);
  });
}

void add_what_if(JsonWriter& json, const WhatIf& what_if) {
  json.key("what_if").begin_object();
  add_variants(json, "scenarios", what_if.scenarios);
  add_variants(json, "rule_prices", what_if.rule_prices);
  add_variants(json, "sensitivity", what_if.sensitivity);
  json.end_object();
}

}  // namespace kvsim::planner
