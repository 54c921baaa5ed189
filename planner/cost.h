// SPDX-License-Identifier: Apache-2.0
// What a fleet costs to buy and to run.
//
//   TCO = capex at the start
//       + sum over years y of (opex of the year + replacement purchases) / (1 + discount_rate)^y
//       - residual value at the end, discounted
// Opex falls due at the end of each year; a last part of a year counts in proportion. Straight-line
// depreciation: after the plan's years a purchase keeps max(0, 1 - age / depreciation_years) of its price.
// Installed servers cost nothing to buy until their remaining years are over, then their purchase price, at
// the end of that year (without one they are rented from then on); those that remain longest are used first.
// Every purchase of servers brings `network_share` of its price for switches and cables, and servers and
// storage bring support on their purchase price, whoever paid it. Energy of a year in kWh = 8760 h x facility
// watts / 1000, facility watts = IT watts x PUE of the site, priced at the mean of its 168 hourly prices.
// Over a year accelerators draw idle + mean_load x (simulated - idle).
#pragma once

#include <string>
#include <vector>

#include "planner/options.h"
#include "planner/parts.h"
#include "planner/problem.h"

namespace kvsim::planner {

enum class CostKind {
  kServers,
  kStorage,
  kNetwork,
  kRouterHosts,
  kEnergy,
  kSpace,
  kSupport,
  kLicences,
  kRent
};
const char* name(CostKind kind);

struct CostLine {
  CostKind kind = CostKind::kServers;
  std::string site = {};
  std::string item = {};  // server or storage option
  double count = 0;       // servers, systems, hosts; kWh a year for energy, rack units for space
  double purchase = 0;    // at the end of `year`
  double per_year = 0;    // money a year, from `year` on
  double year = 0;        // 0: the start; else when an installed server must be replaced
};

struct YearFlow {
  double year = 0;  // 0: the start; the end of year 1, 2, ...; the last may be a fraction
  double purchase = 0, opex = 0, residual = 0;  // undiscounted; residual is income
  double discounted = 0;                        // purchase + opex - residual
};

struct FleetPower {  // IT side; the mean is the year's, `most` nameplate
  double mean_watts = 0;
  double most_watts = 0;
};

// Each is linear in the parts of a fleet.
struct Totals {
  double capex = 0;
  double opex_per_year = 0;  // of a whole year, once all that is to be rented is rented
  double tco = 0;
  double per_hour = 0;             // TCO over the plan's hours
  double facility_watts = 0;       // mean
  double facility_watts_most = 0;  // nameplate, what limits of sites are held against
  double carbon_kg_per_year = 0;
  double objective = 0;  // what the plan makes least
};

struct FleetCost : Totals {
  std::vector<CostLine> lines;  // by site
  std::vector<YearFlow> years;
};

// Mean IT watts of one server's accelerators in each pool option, as simulated or as bound; base watts of
// servers, storage and router hosts are added by these functions. Only those of options in use are read.
using AcceleratorWatts = std::vector<double>;  // by option, of one server's accelerators together

FleetCost cost_of(const Problem& problem, const std::vector<PoolOption>& pools, const FleetChoice& choice,
                  const AcceleratorWatts& watts);

// What one more of each part adds. The totals of cost_of(...) are the sums of these. An installed server says
// what changes if it stands in for a bought or rented one: never > 0.
using UnitCosts = Parts<Totals>;
UnitCosts unit_costs(const Problem& problem, const std::vector<PoolOption>& pools,
                     const AcceleratorWatts& watts);

}  // namespace kvsim::planner
