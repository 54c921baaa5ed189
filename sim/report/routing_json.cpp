// SPDX-License-Identifier: Apache-2.0
#include "sim/report/routing_json.h"

#include "sim/report/distribution_json.h"

namespace kvsim::sim {
namespace {

void add_index(JsonWriter& json, const RoutingSummary& routing) {
  json.key("index").begin_object();
  json.member("predicted_hit_tokens", routing.predicted_hit_tokens).member("hit_tokens", routing.hit_tokens);
  json.member("falsely_predicted_tokens", routing.falsely_predicted_tokens);
  json.member("missed_tokens", routing.missed_tokens).end_object();
}

void add_imbalance(JsonWriter& json, const Summary& summary) {
  json.key("load_imbalance").begin_array();
  for (std::size_t i = 0; i < summary.routing.pools.size(); ++i) {
    const LoadImbalance& imbalance = summary.routing.pools[i];
    json.begin_object().member("pool", summary.pools[i].name).member("requests", imbalance.requests);
    json.member("prompt_tokens", imbalance.prompt_tokens).member("busy_seconds", imbalance.busy_seconds);
    json.end_object();
  }
  json.end_array();
}

void add_explained(JsonWriter& json, const RoutingSummary& routing) {
  json.key("explained").begin_object().member("decisions", routing.explained);
  json.member("as_the_oracle", routing.as_the_oracle);
  add_distribution(json, "regret_seconds", routing.regret_seconds);
  add_distribution(json, "gauge_age_seconds", routing.age_seconds);
  json.end_object();
}

}  // namespace

void add_routing(JsonWriter& json, const Summary& summary) {
  const RoutingSummary& routing = summary.routing;
  json.key("routing").begin_object();
  add_distribution(json, "router_seconds", routing.router_seconds);
  add_index(json, routing);
  add_imbalance(json, summary);
  if (routing.explained > 0) add_explained(json, routing);
  json.end_object();
}

}  // namespace kvsim::sim
