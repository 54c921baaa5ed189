// SPDX-License-Identifier: Apache-2.0
#include "planner/make_plan.h"

#include <algorithm>

#include "planner/compose_fleet.h"
#include "planner/hand_check.h"
#include "planner/known_watts.h"
#include "planner/list_options.h"
#include "planner/pareto.h"
#include "planner/robustness.h"
#include "planner/tenant_service.h"
#include "planner/ties.h"
#include "planner/tune.h"

namespace kvsim::planner {
namespace {

DemandNames names_of(const Demand& demand) {
  DemandNames names;
  for (const auto& [kind, sums] : demand.kinds) names.insert(kind);
  return names;
}

// Of all fleets that were simulated, over cost, attainment, power and carbon.
std::vector<std::size_t> front_of(const Plan& plan) {
  std::vector<ParetoPoint> points;
  for (const EvaluatedFleet& fleet : plan.evaluated)
    points.push_back({fleet.cost.objective, fleet.normal.attainment, fleet.cost.facility_watts,
                      fleet.cost.carbon_kg_per_year});
  return pareto_front(points);
}

bool are_alike(const Options& a, const Options& b) {
  const auto pool = [](const PoolOption& x, const PoolOption& y) { return x.name == y.name; };
  const auto asked = [](const DemandClass& x, const DemandClass& y) {
    return kind_of(x) == kind_of(y) && x.lawful == y.lawful;
  };
  return std::equal(a.pools.begin(), a.pools.end(), b.pools.begin(), b.pools.end(), pool) &&
         std::equal(a.demand.begin(), a.demand.end(), b.demand.begin(), b.demand.end(), asked);
}

void describe_best(const Judging& judging, Simulations& simulations, Depth depth, Plan& plan) {
  const FleetChoice& best = plan.evaluated[*plan.best].choice;
  Overrides kept;
  if (depth == Depth::kWhole) {
    plan.tuned = tune(judging, best, simulations, kept);
    plan.probability = slo_probability(judging, best, simulations);
    plan.measure_first = worth_measuring(judging, best, simulations);
    const Summaries runs = summaries_of(judging, best, simulations);
    plan.hand_checks = hand_checks(judging, best, runs);
    plan.service = service_of_tenants(runs);
  }
  const Document document = with_overrides(compose_fleet(plan.problem, plan.options.pools, best), kept);
  const sim::Fleet fleet = sim::read_fleet(document, judging.inputs);
  plan.fleet_yaml = sim::effective_yaml(fleet);
  plan.validity = fleet.validity;
  plan.fleet = std::make_shared<sim::Fleet>(fleet);
}

}  // namespace

void make_plan(const Problem& problem, const PlanInputs& from, Depth depth, Plan& plan) {
  plan.problem = problem;
  const Demand& demand = from.demands->of(problem);
  Options options = list_options(problem, from.inputs, names_of(demand));
  if (!are_alike(options, plan.options)) {
    plan.capacities.clear();
    plan.hints.clear();
  }
  plan.options = std::move(options);
  const DrawnPools pools = pessimistic_pools(problem, plan.options, from.inputs, demand);
  const Judging judging{plan.problem, plan.options, demand, pools, from.inputs};
  const auto told = [&](const std::string& what) {
    if (from.told) from.told(what, plan);
  };
  search(judging, from.simulations, told, plan);
  plan.pareto = front_of(plan);
  plan.ties = ties(plan, idle_watts(problem, plan.options.pools));
  if (plan.best) describe_best(judging, from.simulations, depth, plan);
}

}  // namespace kvsim::planner
