// SPDX-License-Identifier: Apache-2.0
#include "planner/cost.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "tests/planner/worlds.h"

namespace kvsim::planner {
namespace {

constexpr double kHours = 8760;

// One option: one server at the only site.
struct World {
  Problem problem = bare_problem();
  std::vector<PoolOption> pools{pool_of(0, 0)};
  AcceleratorWatts watts{0};

  explicit World(ServerOption server) { problem.servers = {std::move(server)}; }
  FleetCost cost(std::uint32_t servers) const {
    std::vector<std::optional<std::size_t>> none(problem.storage.size());
    return cost_of(problem, pools, choice_of({servers}, none), watts);
  }
  FleetCost with_storage(std::size_t size) const {
    return cost_of(problem, pools, choice_of({1}, {size}), watts);
  }
};

double per_year(const FleetCost& cost, CostKind kind) {
  double sum = 0;
  for (const CostLine& line : cost.lines) sum += line.kind == kind ? line.per_year : 0;
  return sum;
}

double purchase(const FleetCost& cost, CostKind kind) {
  double sum = 0;
  for (const CostLine& line : cost.lines) sum += line.kind == kind ? line.purchase : 0;
  return sum;
}

TEST(Cost, OfNothingIsNothing) {
  const FleetCost cost = World(server_for(1000)).cost(0);
  EXPECT_TRUE(cost.lines.empty());
  EXPECT_EQ(cost.tco, 0);
  EXPECT_EQ(cost.facility_watts_most, 0);
}

// 3 servers at 1000, nothing else: TCO = capex = 3000; over 4 years 3000 / (4 x 8760) an hour.
TEST(Cost, OfServersThatOnlyHaveAPrice) {
  const FleetCost cost = World(server_for(1000)).cost(3);
  EXPECT_DOUBLE_EQ(cost.capex, 3000);
  EXPECT_DOUBLE_EQ(cost.tco, 3000);
  EXPECT_DOUBLE_EQ(cost.opex_per_year, 0);
  EXPECT_DOUBLE_EQ(cost.objective, 3000);
  EXPECT_DOUBLE_EQ(cost.per_hour, 3000 / (4 * kHours));
  ASSERT_EQ(cost.years.size(), 5u);
  EXPECT_DOUBLE_EQ(cost.years[0].purchase, 3000);
}

// A licence of 100 at the end of each of 3 years at 10 %: 100 (1/1.1 + 1/1.21 + 1/1.331).
TEST(Cost, DiscountsEachYearsOpexFromItsEnd) {
  World world(server_for(0));
  world.problem.servers[0].licence_per_year = 100;
  world.problem.finance.years = 3;
  world.problem.finance.discount_rate = 0.1;
  EXPECT_NEAR(world.cost(1).tco, 100 * (1 / 1.1 + 1 / 1.21 + 1 / 1.331), 1e-9);
  EXPECT_DOUBLE_EQ(per_year(world.cost(1), CostKind::kLicences), 100);
}

// 2.5 years: opex 100, 100 and 50, due after 1, 2 and 2.5 years.
TEST(Cost, CountsALastPartOfAYearInProportion) {
  World world(server_for(0));
  world.problem.servers[0].licence_per_year = 100;
  world.problem.finance.years = 2.5;
  world.problem.finance.discount_rate = 0.1;
  const FleetCost cost = world.cost(1);
  EXPECT_NEAR(cost.tco, 100 / 1.1 + 100 / 1.21 + 50 / std::pow(1.1, 2.5), 1e-9);
  EXPECT_DOUBLE_EQ(cost.years.back().year, 2.5);
  EXPECT_DOUBLE_EQ(cost.years.back().opex, 50);
}

// Depreciated over 5 years, sold after 3: 1000 (1 - 3/5) = 400 back, worth 400 / 1.1^3 today.
TEST(Cost, TakesOffTheDiscountedResidualValue) {
  World world(server_for(1000));
  world.problem.finance.years = 3;
  world.problem.finance.depreciation_years = 5;
  world.problem.finance.discount_rate = 0.1;
  const FleetCost cost = world.cost(1);
  EXPECT_NEAR(cost.tco, 1000 - 400 / std::pow(1.1, 3), 1e-9);
  EXPECT_NEAR(cost.years.back().residual, 400, 1e-9);
  world.problem.finance.depreciation_years = 2;
  EXPECT_DOUBLE_EQ(world.cost(1).tco, 1000);
}

// 3 are there with 2.5 years left; 5 are needed. Start: 2 x 1000. End of year 3: 3 x 1000, of which
// 1 - (4 - 3) / 4 = 3/4 is left after 4 years; of the first two nothing is.
TEST(Cost, BuysInstalledServersAnewWhenTheirYearsAreOver) {
  World world(server_for(1000));
  world.problem.sites[0].installed = {{"hgx", 3, 2.5}};
  const FleetCost cost = world.cost(5);
  EXPECT_DOUBLE_EQ(cost.capex, 2000);
  EXPECT_DOUBLE_EQ(cost.years[3].purchase, 3000);
  EXPECT_DOUBLE_EQ(cost.tco, 2000 + 3000 - 2250);
}

TEST(Cost, OfInstalledServersThatOutliveThePlanIsNothing) {
  World world(server_for(1000));
  world.problem.sites[0].installed = {{"hgx", 3, 4}};
  EXPECT_DOUBLE_EQ(world.cost(3).tco, 0);
  EXPECT_DOUBLE_EQ(world.cost(4).tco, 1000);
  EXPECT_DOUBLE_EQ(world.cost(3).lines.at(0).count, 3);
}

TEST(Cost, InstalledServersWithoutYearsLeftAreBoughtAtTheStart) {
  World world(server_for(1000));
  world.problem.sites[0].installed = {{"hgx", 3, 0}};
  EXPECT_DOUBLE_EQ(world.cost(4).capex, 4000);
}

// Of 2 + 2 installed servers 3 are needed: two with 4 years, one with 1 year. The latter is replaced after
// year 1 at 1000, of which 1 - 3/4 is left.
TEST(Cost, UsesThoseThatRemainLongestFirst) {
  World world(server_for(1000));
  world.problem.sites[0].installed = {{"hgx", 2, 1}, {"hgx", 2, 4}};
  EXPECT_DOUBLE_EQ(world.cost(3).tco, 1000 - 250);
}

// 2 an hour for 3 servers over 4 years.
TEST(Cost, OfRentedServersIsOpexAlone) {
  const FleetCost cost = World(rented_for(2)).cost(3);
  EXPECT_DOUBLE_EQ(cost.capex, 0);
  EXPECT_DOUBLE_EQ(cost.opex_per_year, 6 * kHours);
  EXPECT_DOUBLE_EQ(cost.tco, 24 * kHours);
}

// Own for 2 of 4 years, then rented at 2 an hour.
TEST(Cost, InstalledServersWithoutAPurchasePriceAreRentedAfterwards) {
  World world(rented_for(2));
  world.problem.sites[0].installed = {{"cloud", 1, 2}};
  EXPECT_DOUBLE_EQ(world.cost(1).tco, 2 * 2 * kHours);
}

// Half a week at 0.10, half at 0.30: 0.20 on average. 1 kW of IT at PUE 1.5 for a year: 13,140 kWh, 2628 of
// money, and at 0.5 kg/kWh in every hour 6570 kg.
TEST(Cost, OfEnergyFollowsHourlyPricesAndCarbon) {
  World world(server_for(0));
  PlannedSite& site = world.problem.sites[0];
  site.pue = 1.5;
  site.price_per_kwh.values.assign(168, 0.1);
  std::fill_n(site.price_per_kwh.values.begin(), 84, 0.3);
  site.carbon_kg_per_kwh.values.assign(168, 0.5);
  world.problem.servers[0].base_watts = 400;
  world.watts = {600};
  const FleetCost cost = world.cost(1);
  EXPECT_NEAR(cost.facility_watts, 1500, 1e-9);
  EXPECT_NEAR(per_year(cost, CostKind::kEnergy), 13140 * 0.2, 1e-9);
  EXPECT_NEAR(cost.opex_per_year, 2628, 1e-9);
  EXPECT_NEAR(cost.carbon_kg_per_year, 6570, 1e-9);
}

// 8 accelerators idle at 50 W = 400 W; simulated 2000 W; a mean load of 1/4 draws 400 + 1600 / 4 = 800 W.
// Nameplate: 8 x 300 + 100 = 2500 W.
TEST(Cost, DrawsBetweenIdleAndSimulatedPowerOverAYear) {
  World world(server_for(0));
  ServerOption& server = world.problem.servers[0];
  server.accelerator_idle_watts = 50;
  server.accelerator_peak_watts = 300;
  server.base_watts = 100;
  world.problem.workload.mean_load = 0.25;
  world.problem.sites[0].pue = 2;
  world.watts = {2000};
  EXPECT_DOUBLE_EQ(world.cost(1).facility_watts, 2 * 900);
  EXPECT_DOUBLE_EQ(world.cost(3).facility_watts_most, 3 * 2 * 2500);
}

// 2 hosts at 500 and 100 W at each site in use, whatever stands there.
TEST(Cost, OfRouterHostsFallsDueOncePerSiteInUse) {
  World world(server_for(1000));
  world.problem.sites.push_back(site_named("lyon"));
  world.problem.finance.router_host = PriceTag{500, 500, 500};
  world.problem.finance.router_hosts_per_site = 2;
  world.problem.finance.router_host_watts = 100;
  world.pools.push_back(pool_of(1, 0));
  world.watts = {0, 0};
  const auto cost = [&](std::uint32_t paris, std::uint32_t lyon) {
    return cost_of(world.problem, world.pools, choice_of({paris, lyon}), world.watts);
  };
  EXPECT_DOUBLE_EQ(cost(0, 0).capex, 0);
  EXPECT_DOUBLE_EQ(cost(3, 0).capex, 4000);
  EXPECT_DOUBLE_EQ(cost(2, 1).capex, 5000);
  EXPECT_DOUBLE_EQ(cost(2, 1).facility_watts, 400);
}

// 10 % of the servers' purchase for the network; support of 5 % of the price of all that run, installed
// too, and nothing for the network of what is there.
TEST(Cost, OfNetworkAndSupportFollowThePurchasePrice) {
  World world(server_for(1000));
  world.problem.finance.network_share = 0.1;
  world.problem.servers[0].support_share_per_year = 0.05;
  world.problem.sites[0].installed = {{"hgx", 1, 9}};
  const FleetCost cost = world.cost(3);
  EXPECT_DOUBLE_EQ(purchase(cost, CostKind::kNetwork), 200);
  EXPECT_DOUBLE_EQ(per_year(cost, CostKind::kSupport), 150);
  EXPECT_DOUBLE_EQ(cost.capex, 2200);
}

// A size of 9000, 2 kW and 4 units: 180 of support a year at 2 %; with a server of 8 units 12 x 10 of space.
TEST(Cost, OfStorageIsThatOfItsSize) {
  World world(server_for(1000));
  StorageOption storage;
  storage.name = "scale";
  storage.site = "paris";
  storage.support_share_per_year = 0.02;
  StorageSize small, large;
  small.purchase = {9000, 9000, 9000};
  small.watts = 2000;
  small.rack_units = 4;
  large.purchase = {50000, 50000, 50000};
  storage.sizes = {small, large};
  world.problem.storage = {storage};
  world.problem.servers[0].rack_units = 8;
  world.problem.sites[0].price_per_rack_unit_year = 10;
  const FleetCost cost = world.with_storage(0);
  EXPECT_DOUBLE_EQ(cost.capex, 10000);
  EXPECT_DOUBLE_EQ(cost.opex_per_year, 180 + 120);
  EXPECT_DOUBLE_EQ(cost.facility_watts_most, 2000);
  EXPECT_DOUBLE_EQ(world.with_storage(1).capex, 51000);
}

// Weights: 2 TCO + 3 capex + 5 W + 7 kg, with TCO = capex = 1000, 100 W and 100 x 8.76 kWh x 1 kg.
TEST(Cost, TheObjectiveIsTheWeightedSum) {
  World world(server_for(1000));
  world.problem.sites[0].carbon_kg_per_kwh.values = {1};
  world.problem.objective = {2, 3, 5, 7};
  world.watts = {100};
  EXPECT_NEAR(world.cost(1).objective, 2000 + 3000 + 500 + 7 * 876, 1e-9);
}

TEST(Cost, ReadsPowerOnlyOfOptionsInUse) {
  World world(server_for(1000));
  world.watts = {std::nan("")};
  EXPECT_EQ(world.cost(0).facility_watts, 0);
}

}  // namespace
}  // namespace kvsim::planner
