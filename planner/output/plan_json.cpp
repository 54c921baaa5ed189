// SPDX-License-Identifier: Apache-2.0
#include "planner/output/plan_json.h"

#include "planner/output/alternatives.h"
#include "planner/output/json_parts.h"
#include "planner/output/recommendation.h"

namespace kvsim::planner {
namespace {

constexpr int kSchema = 1;

void add_head(JsonWriter& json, const Plan& plan) {
  json.key("kvsim").begin_object().member("version", KVSIM_VERSION).member("schema", kSchema).end_object();
  json.member("state", name(plan.state));
  json.member("recommendation", recommendation(plan));
}

void add_notes(JsonWriter& json, const Plan& plan) {
  add_objects(json, "rejected", plan.options.rejected, [&](const Rejected& one) {
    json.member("what", one.what).member("reason", one.reason).member("path", one.path);
  });
  add_objects(json, "validity", plan.validity, [&](const sim::Validity& note) {
    json.member("what", note.what).member("reason", note.reason);
  });
}

}  // namespace

void add_search(JsonWriter& json, const Plan& plan) {
  json.key("certainty").begin_object();
  json.member("in_words", certainty(plan)).member("bound_objective", plan.bound);
  json.member("gap", plan.gap()).member("closed", plan.closed);
  json.end_object();
  json.member("best", plan.best);
  add_list(json, "ties", plan.ties);
  add_list(json, "pareto", plan.pareto);
  add_list(json, "alternatives", alternatives(plan));
  add_list(json, "conflicts", plan.conflicts);
  json.member("shortage", plan.shortage);
}

void add_plan(JsonWriter& json, const Plan& plan, const WhatIf& what_if) {
  json.begin_object();
  add_head(json, plan);
  add_problem(json, plan);
  add_recommended(json, plan);
  add_search(json, plan);
  add_evaluated(json, plan);
  add_hand_checks(json, plan);
  add_robustness(json, plan);
  add_what_if(json, what_if);
  add_notes(json, plan);
  json.end_object();
}

void write_plan_json(std::ostream& out, const Plan& plan, const WhatIf& what_if) {
  JsonWriter json(out);
  add_plan(json, plan, what_if);
}

}  // namespace kvsim::planner
