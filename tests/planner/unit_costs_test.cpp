// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>

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

double sum_of_parts(const UnitCosts& units, const Quantities& quantities, double Totals::*total) {
  double sum = 0;
  for_each_part(units, quantities,
                [&](const Totals& unit, double quantity) { sum += quantity * unit.*total; });
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
      const Quantities quantities = quantities_of(world.problem, world.options.pools, choice);
      for (const auto total : kTotals) {
        ASSERT_NEAR(sum_of_parts(units, quantities, total), cost.*total, 1e-9 * std::abs(cost.*total) + 1e-9);
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
