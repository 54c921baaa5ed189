// SPDX-License-Identifier: Apache-2.0
// Members of plan.json, part by part: each adds its own keys to the open object.
#pragma once

#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "planner/plan.h"

namespace kvsim::planner {

void add_problem(JsonWriter& json, const Plan& plan);      // problem, goals, constraints, prices, assumptions
void add_recommended(JsonWriter& json, const Plan& plan);  // recommended, residency
void add_search(JsonWriter& json, const Plan& plan);       // certainty ... capacities
void add_evaluated(JsonWriter& json, const Plan& plan);    // evaluated
void add_hand_checks(JsonWriter& json, const Plan& plan);  // hand_checks
void add_robustness(JsonWriter& json, const Plan& plan);   // probability, measure_first, tuned
void add_what_if(JsonWriter& json, const WhatIf& what_if);                        // what_if
void add_checks(JsonWriter& json, const Judgement& judgement);                    // checks, misses
void add_violations(JsonWriter& json, const std::vector<Violation>& violations);  // violations
void add_totals(JsonWriter& json, const Totals& totals);                          // of a fleet's cost
void add_price(JsonWriter& json, const PriceTag& price);                          // value ... unverified

template <class T, class Write>
void add_list(JsonWriter& json, std::string_view key, const std::vector<T>& items, const Write& write) {
  json.key(key).begin_array();
  for (const T& item : items) write(item);
  json.end_array();
}
template <class T>
void add_list(JsonWriter& json, std::string_view key, const std::vector<T>& items) {
  add_list(json, key, items, [&json](const T& item) { json.value(item); });
}
// A list of objects, whose members `write` adds.
template <class T, class Write>
void add_objects(JsonWriter& json, std::string_view key, const std::vector<T>& items, const Write& write) {
  add_list(json, key, items, [&](const T& item) {
    json.begin_object();
    write(item);
    json.end_object();
  });
}

}  // namespace kvsim::planner
