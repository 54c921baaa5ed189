// SPDX-License-Identifier: Apache-2.0
#include "planner/cost.h"

#include "planner/cash_flow.h"
#include "planner/cost_lines.h"

namespace kvsim::planner {
namespace {

void add_power(const Problem& problem, const std::vector<FleetPower>& power, Totals& totals) {
  for (std::size_t site = 0; site < problem.sites.size(); ++site) {
    const double mean = power[site].mean_watts * problem.sites[site].pue;
    totals.facility_watts += mean;
    totals.facility_watts_most += power[site].most_watts * problem.sites[site].pue;
    totals.carbon_kg_per_year += mean * kHoursPerYear / 1000 * problem.sites[site].carbon_kg_per_kwh.mean();
  }
}

void add_money(const Finance& finance, FleetCost& cost) {
  for (const CostLine& line : cost.lines) {
    if (line.year == 0) cost.capex += line.purchase;
    cost.opex_per_year += line.per_year;
  }
  for (const YearFlow& flow : cost.years) cost.tco += flow.discounted;
  cost.per_hour = cost.tco / (finance.years * kHoursPerYear);
}

FleetCost cost_of(const Problem& problem, const std::vector<PoolOption>& pools, const Quantities& quantities,
                  const AcceleratorWatts& watts) {
  const std::vector<FleetPower> power = site_power(problem, pools, quantities, watts);
  FleetCost cost;
  cost.lines = cost_lines(problem, pools, quantities, power);
  cost.years = cash_flow(problem.finance, cost.lines);
  add_money(problem.finance, cost);
  add_power(problem, power, cost);
  const Objective& weights = problem.objective;
  cost.objective = weights.tco * cost.tco + weights.capex * cost.capex +
                   weights.per_watt * cost.facility_watts + weights.per_carbon_kg * cost.carbon_kg_per_year;
  return cost;
}

}  // namespace

FleetCost cost_of(const Problem& problem, const std::vector<PoolOption>& pools, const FleetChoice& choice,
                  const AcceleratorWatts& watts) {
  return cost_of(problem, pools, quantities_of(problem, pools, choice), watts);
}

UnitCosts unit_costs(const Problem& problem, const std::vector<PoolOption>& pools,
                     const AcceleratorWatts& watts) {
  auto unit = shaped_parts<double>(problem, pools);
  auto costs = shaped_parts<Totals>(problem, pools);
  for_each_part(unit, costs, [&](double& quantity, Totals& totals) {
    quantity = 1;
    totals = cost_of(problem, pools, unit, watts);
    quantity = 0;
  });
  return costs;
}

}  // namespace kvsim::planner
