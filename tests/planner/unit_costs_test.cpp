// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>

#include "planner/quantities.h"
#include "tests/planner/random_world.h"
#include "tests/random_cases.h"

namespace kvsim::planner {
namespace {

constexpr double Totals::*kTotals[] = {&Totals::capex,
                                       &Totals::opex_per_year,
                                       &Totals::tco,
                                       &Totals::per_hour,
                                       &Totals::facility_watts,
                                       &Totals::facility_watts_most,
                                       &Totals::carbon_kg_per_year,
                                       &Totals::objective};

double sum_of_parts(const RandomWorld& world, const UnitCosts& units, const FleetChoice& choice,
                    double Totals::*total) {
  const Quantities quantities = quantities_of(world.problem, world.options.pools, choice);
  double sum = 0;
  for (std::size_t i = 0; i < units.server.size(); ++i) sum += quantities.servers[i] * units.server[i].*total;
  for (std::size_t i = 0; i < units.site.size(); ++i) {
    sum += quantities.sites[i] * units.site[i].*total;
    for (std::size_t e = 0; e < units.installed[i].size(); ++e) {
      sum += quantities.installed[i][e] * units.installed[i][e].*total;
    }
  }
  for (std::size_t i = 0; i < units.storage.size(); ++i) {
    if (choice.storage[i]) sum += units.storage[i][*choice.storage[i]].*total;
  }
  return sum;
}

TEST(UnitCosts, AddUpToTheCostOfAnyFleet) {
  for (int seed = 0; seed < random_cases(100); ++seed) {
    SCOPED_TRACE(seed);
    RandomWorld world = random_world(seed);
    world.problem.objective = {1, 0.5, 2, 0.1};
    const UnitCosts units = unit_costs(world.problem, world.options.pools, world.watts);
    for_each_choice(world, [&](const FleetChoice& choice) {
      const FleetCost cost = cost_of(world.problem, world.options.pools, choice, world.watts);
      for (const auto total : kTotals) {
        ASSERT_NEAR(sum_of_parts(world, units, choice, total), cost.*total,
                    1e-9 * std::abs(cost.*total) + 1e-9);
      }
    });
  }
}

TEST(UnitCosts, AnInstalledServerNeverCostsMoreThanABoughtOne) {
  for (int seed = 0; seed < random_cases(200); ++seed) {
    SCOPED_TRACE(seed);
    const RandomWorld world = random_world(seed);
    for (const auto& site : unit_costs(world.problem, world.options.pools, world.watts).installed) {
      for (const Totals& change : site) {
        for (const auto total : kTotals) EXPECT_LE(change.*total, 1e-9);
      }
    }
  }
}

}  // namespace
}  // namespace kvsim::planner
