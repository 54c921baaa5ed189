// SPDX-License-Identifier: Apache-2.0
#include "planner/cost.h"

#include "planner/cash_flow.h"
#include "planner/cost_lines.h"
#include "planner/quantities.h"

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
  const Quantities none = no_quantities(problem, pools);
  const auto totals = [&](const auto& put_unit) -> Totals {
    Quantities unit = none;
    put_unit(unit);
    return cost_of(problem, pools, unit, watts);
  };
  UnitCosts costs;
  for (std::size_t option = 0; option < pools.size(); ++option) {
    costs.server.push_back(totals([&](Quantities& unit) {
      unit.servers[option] = 1;
      unit.bought[pools[option].site][pools[option].server] = 1;
    }));
  }
  for (std::size_t site = 0; site < problem.sites.size(); ++site) {
    costs.site.push_back(totals([&](Quantities& unit) { unit.sites[site] = 1; }));
    costs.installed.emplace_back();
    for (std::size_t entry = 0; entry < problem.sites[site].installed.size(); ++entry) {
      costs.installed.back().push_back(
          totals([&](Quantities& unit) { use_installed(problem, site, entry, 1, unit); }));
    }
  }
  for (std::size_t option = 0; option < problem.storage.size(); ++option) {
    costs.storage.emplace_back();
    for (std::size_t size = 0; size < problem.storage[option].sizes.size(); ++size) {
      costs.storage.back().push_back(totals([&](Quantities& unit) { unit.storage[option][size] = 1; }));
    }
  }
  return costs;
}

}  // namespace kvsim::planner
