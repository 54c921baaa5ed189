// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "planner/output/json_parts.h"

namespace kvsim::planner {
namespace {

const char* name(Spare spare) {
  constexpr const char* kNames[] = {"nothing", "node", "rack", "site"};
  return kNames[static_cast<std::size_t>(spare)];
}

void add_goal(JsonWriter& json, const SloGoal& goal) {
  json.member("attainment", goal.attainment);
  add_objects(json, "limits", goal.limits, [&](const sim::SloObjective& limit) {
    json.member("metric", limit.metric).member("limit_seconds", limit.limit_seconds);
  });
  add_objects(json, "targets", goal.targets, [&](const SloTarget& target) {
    json.member("metric", target.metric).member("statistic", target.statistic);
    json.member("limit_seconds", target.limit_seconds);
  });
}

void add_goals(JsonWriter& json, const Problem& problem) {
  add_objects(json, "goals", problem.slos, [&](const SloPlan& slo) {
    json.member("class", slo.name).member("priority", slo.priority);
    add_goal(json, slo.normal);
    json.key("degraded");
    if (!slo.degraded) {
      json.null();
      return;
    }
    json.begin_object();
    add_goal(json, *slo.degraded);
    json.end_object();
  });
}

void add_constraints(JsonWriter& json, const Constraints& limits) {
  json.key("constraints").begin_object();
  json.member("tco", limits.tco).member("capex", limits.capex);
  json.member("opex_per_year", limits.opex_per_year).member("watts", limits.watts);
  json.member("carbon_kg_per_year", limits.carbon_kg_per_year);
  json.member("vendor_share", limits.vendor_share).member("vendors", limits.vendors);
  add_list(json, "spare", limits.spare, [&](Spare spare) { json.value(name(spare)); });
  add_list(json, "refused_vendors", limits.refused_vendors);
  json.end_object();
}

void add_finance(JsonWriter& json, const Problem& problem) {
  const Finance& finance = problem.finance;
  json.key("finance").begin_object();
  json.member("years", finance.years).member("discount_rate", finance.discount_rate);
  json.member("depreciation_years", finance.depreciation_years);
  json.member("network_share", finance.network_share);
  json.member("router_hosts_per_site", finance.router_hosts_per_site);
  json.end_object();
  const Objective& weights = problem.objective;
  json.key("objective").begin_object();
  json.member("tco", weights.tco).member("capex", weights.capex);
  json.member("per_watt", weights.per_watt).member("per_carbon_kg", weights.per_carbon_kg);
  json.end_object();
}

void add_settings(JsonWriter& json, const Problem& problem) {
  const WorkloadPlan& workload = problem.workload;
  json.key("workload").begin_object();
  json.member("trace", workload.trace).member("growth", workload.growth);
  json.member("peak_factor", workload.peak_factor).member("mean_load", workload.mean_load);
  json.end_object();
  const SearchSettings& search = problem.search;
  json.key("search").begin_object();
  json.member("evaluations", search.evaluations).member("seeds", search.seeds).member("seed", search.seed);
  json.member("pessimism", search.pessimism).member("draws", search.draws);
  json.end_object();
}

class Prices {
 public:
  Prices(JsonWriter& json, const Problem& problem) : json_(json), problem_(problem) {}

  void add_all() {
    json_.key("prices").begin_array();
    for (const ServerOption& server : problem_.servers) {
      if (server.purchase) add("server " + server.name, *server.purchase);
      if (server.rent_per_hour) add("rent of server " + server.name + " for an hour", *server.rent_per_hour);
    }
    for (const StorageOption& storage : problem_.storage)
      for (const StorageSize& size : storage.sizes)
        add(fmt::format("storage {} of {:.3g} TB", storage.name,
                        static_cast<double>(size.capacity_bytes) / 1e12),
            size.purchase);
    if (problem_.finance.router_host) add("router host", *problem_.finance.router_host);
    json_.end_array();
  }

 private:
  void add(const std::string& what, const PriceTag& price) {
    json_.begin_object().member("what", what);
    add_price(json_, price);
    json_.end_object();
  }

  JsonWriter& json_;
  const Problem& problem_;
};

}  // namespace

void add_price(JsonWriter& json, const PriceTag& price) {
  json.member("value", price.value).member("low", price.low).member("high", price.high);
  json.member("source", price.source).member("unverified", price.unverified);
}

void add_problem(JsonWriter& json, const Plan& plan) {
  const Problem& problem = plan.problem;
  json.key("problem").begin_object();
  json.member("name", problem.name).member("file", problem.file).member("date", problem.date);
  json.member("currency", problem.currency).member("digest", problem.digest);
  add_list(json, "models", problem.models);
  add_settings(json, problem);
  add_finance(json, problem);
  json.end_object();
  add_goals(json, problem);
  add_constraints(json, problem.constraints);
  Prices(json, problem).add_all();
  add_objects(json, "assumptions", problem.assumptions, [&](const Assumption& one) {
    json.member("path", one.path).member("value", one.value).member("source", one.source);
  });
}

}  // namespace kvsim::planner
