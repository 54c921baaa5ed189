// SPDX-License-Identifier: Apache-2.0
#include "planner/fleet_program.h"

#include <gmock/gmock.h>

#include "tests/planner/worlds.h"

namespace kvsim::planner {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// Options of server 0 at 1000 and server 1 at 3000 that carry a third and the whole of the demand each; both
// at `paris`.
struct World {
  Problem problem = bare_problem();
  Options options;
  Load load{{{{3, 1}}}, 1};
  AcceleratorWatts watts{0, 0};

  World() {
    problem.servers = {server_for(1000, "small", "AMD"), server_for(3500, "large", "NVIDIA")};
    options.pools = {pool_of(0, 0), pool_of(0, 1)};
    options.demand = {class_on({0, 1})};
  }

  FleetProgram program() const { return {problem, options, load, watts}; }
  std::vector<std::uint32_t> servers() const {
    const FleetProgram fleet = program();
    const Solution solution = solve(fleet.program(), {});
    return solution.found ? fleet.choice(solution).servers : std::vector<std::uint32_t>{};
  }
  std::vector<std::string> conflicts() const { return conflicting_rules(program().program(), {}); }
  std::vector<std::string> broken(std::vector<std::uint32_t> fleet) const {
    const FleetChoice choice{std::move(fleet),
                             std::vector<std::optional<std::size_t>>(problem.storage.size())};
    const FleetCost cost = cost_of(problem, options.pools, choice, watts);
    std::vector<std::string> texts;
    for (const Violation& found : violations(problem, options, choice, cost)) {
      texts.push_back(found.rule + ": " + found.message);
    }
    return texts;
  }
};

TEST(FleetProgram, TakesTheCheapestServersThatCarryTheDemand) {
  World world;
  EXPECT_THAT(world.servers(), ElementsAre(3, 0));  // 3000 < 3500
  world.problem.servers[1].purchase->value = 2500;
  EXPECT_THAT(world.servers(), ElementsAre(0, 1));
}

TEST(FleetProgram, SplitsAClassWhereOneOptionRunsOut) {
  World world;
  world.problem.servers[0].stock = 2;  // carry 2/3
  EXPECT_THAT(world.servers(), ElementsAre(0, 1));
  world.load.seconds = {{{3, 1.5}}};  // one large: 2/3, one small: 1/3
  EXPECT_THAT(world.servers(), ElementsAre(1, 1));
}

TEST(FleetProgram, PartsOfAClassAreCarriedApart) {
  World world;
  world.load.seconds = {{{2, kUnbounded}, {kUnbounded, 1}}};  // prefill on small, decode on large alone
  EXPECT_THAT(world.servers(), ElementsAre(2, 1));
}

TEST(FleetProgram, StockCountsWhatIsBoughtBesideWhatIsInstalled) {
  World world;
  world.problem.servers[0].stock = 2;
  world.problem.sites[0].installed = {{"small", 1, 9}};
  EXPECT_THAT(world.servers(), ElementsAre(3, 0));
  EXPECT_THAT(world.broken({3, 0}), IsEmpty());
  EXPECT_THAT(world.broken({4, 0}),
              ElementsAre("servers[0].stock: small to be had: 3 servers; at most 2 servers"));
}

TEST(FleetProgram, PowerIsNameplateTimesPueAndItsScarcestHour) {
  World world;
  world.problem.sites[0].pue = 1.5;
  world.problem.servers[0].base_watts = 200;
  world.problem.servers[0].accelerator_peak_watts = 100;  // 1000 W, 1500 at the meter
  world.problem.sites[0].watts = 3000;
  EXPECT_THAT(world.servers(), ElementsAre(0, 1));
  EXPECT_THAT(world.broken({3, 0}),
              ElementsAre("sites[0].watts: power of site paris: 4500 W; at most 3000 W"));
  world.problem.sites[0].watts = 4500;
  EXPECT_THAT(world.servers(), ElementsAre(3, 0));
  world.problem.sites[0].watts_by_hour.values = {9000, 4000};
  EXPECT_THAT(world.broken({3, 0}), ElementsAre("sites[0].watts_by_hour: power in the scarcest hour of site "
                                                "paris: 4500 W; at most 4000 W"));
  world.problem.sites[0].watts_by_hour.values = {9000};
  world.problem.sites[0].cooling_watts = 2500;
  EXPECT_THAT(world.broken({3, 0}),
              ElementsAre("sites[0].cooling_watts: heat of site paris: 3000 W; at most 2500 W"));
}

// 42 units of 10 kW hold two servers of 4 units and 4 kW: each takes up 21 units.
TEST(FleetProgram, AServerTakesUpItsShareOfARackThatItsPowerFills) {
  World world;
  world.problem.servers[0].rack_units = 4;
  world.problem.servers[0].base_watts = 4000;
  world.problem.sites[0].rack_units = 50;
  EXPECT_THAT(world.servers(), ElementsAre(3, 0));
  world.problem.sites[0].rack.watts = 10'000;
  EXPECT_THAT(world.servers(), ElementsAre(0, 1));
  EXPECT_THAT(world.broken({3, 0}),
              ElementsAre("sites[0].rack_units: space of site paris: 63 rack units; at most 50 rack units"));
  world.problem.sites[0].rack.watts = 3000;
  EXPECT_THAT(world.broken({1, 0}),
              ElementsAre("sites[0].rack: servers that fit into no rack of site paris: 1 "
                          "servers; at most 0 servers"));
}

TEST(FleetProgram, NoVendorHasMoreThanItsShareOfAccelerators) {
  World world;
  world.problem.constraints.vendor_share = 0.6;
  EXPECT_THAT(world.servers(), ElementsAre(1, 1));  // 4500; three of one would need two of the other
  EXPECT_THAT(world.broken({3, 1}),
              ElementsAre("constraints.vendor_share: share of AMD in all accelerators: 75 %; "
                          "at most 60 %"));
  EXPECT_THAT(world.broken({0, 0}), testing::Each(testing::HasSubstr("no server")));
}

TEST(FleetProgram, ThereAreAsManyVendorsAsAsked) {
  World world;
  world.problem.constraints.vendors = 2;
  EXPECT_THAT(world.servers(), ElementsAre(1, 1));
  EXPECT_THAT(world.broken({3, 0}), ElementsAre("constraints.vendors: vendors: 1; at least 2"));
  world.problem.constraints.vendors = 3;
  EXPECT_THAT(world.conflicts(), ElementsAre("constraints.vendors"));
}

TEST(FleetProgram, LimitsOfMoneyPowerAndCarbonHold) {
  World world;
  world.problem.servers[0].licence_per_year = 1000;
  world.problem.objective = {0, 1, 0, 0};  // capex alone
  EXPECT_THAT(world.servers(), ElementsAre(3, 0));
  world.problem.constraints.opex_per_year = 2500;
  EXPECT_THAT(world.servers(), ElementsAre(0, 1));
  EXPECT_THAT(world.broken({3, 0}),
              ElementsAre("constraints.opex_per_year: opex: 3000 USD a year; at most 2500 USD a year"));
  world.problem.constraints.capex = 3000;
  EXPECT_THAT(world.conflicts(), ElementsAre("constraints.capex", "constraints.opex_per_year", "workload"));
}

TEST(FleetProgram, AnOptionThatMountsStorageNeedsASize) {
  World world;
  StorageOption storage;
  storage.name = "scale";
  storage.site = "paris";
  storage.sizes.resize(2);
  storage.sizes[0].purchase.value = 400;
  storage.sizes[1].purchase.value = 600;
  world.problem.storage = {storage};
  world.options.pools[0].storage = 0;
  const FleetProgram program = world.program();
  const Solution solution = solve(program.program(), {});
  EXPECT_DOUBLE_EQ(solution.objective, 3400);
  EXPECT_EQ(program.choice(solution), choice_of({3, 0}, {0}));
  EXPECT_THAT(world.broken({3, 0}),
              ElementsAre("storage[0]: pool-0-0 mounts scale, of which the fleet has no size"));
  world.problem.storage[0].sizes[0].purchase.value = 501;
  EXPECT_THAT(world.servers(), ElementsAre(0, 1));
}

TEST(FleetProgram, TheSameServersWithAnotherStorageSizeAreAnotherFleet) {
  World world;
  StorageOption storage;
  storage.site = "paris";
  storage.sizes.resize(2);
  storage.sizes[1].purchase.value = 100;
  world.problem.storage = {storage};
  world.options.pools[0].storage = 0;
  FleetProgram program = world.program();
  program.exclude(choice_of({3, 0}, {0}));
  EXPECT_EQ(program.choice(solve(program.program(), {})), choice_of({3, 0}, {1}));
}

TEST(FleetProgram, ASpareNodeIsOneServerMoreOfEachOptionInUse) {
  World world;
  world.problem.constraints.spare = {Spare::kNode};
  EXPECT_THAT(world.servers(), ElementsAre(4, 0));
  world.load.degraded_share = 0.66;  // two of three are enough
  EXPECT_THAT(world.servers(), ElementsAre(3, 0));
}

// Two of 16 units to a rack: after the loss of one, three small servers must be left, or a large one.
TEST(FleetProgram, ASpareRackIsWhatOneRackHolds) {
  World world;
  world.problem.constraints.spare = {Spare::kRack};
  world.problem.servers[0].rack_units = 16;
  world.problem.servers[1].rack_units = 42;
  EXPECT_THAT(world.servers(), ElementsAre(5, 0));
  world.problem.servers[0].purchase->value = 1410;
  EXPECT_THAT(world.servers(), ElementsAre(0, 2));  // 7000 < 7050
}

TEST(FleetProgram, ASpareSiteCarriesTheDemandAlone) {
  World world;
  world.problem.constraints.spare = {Spare::kSite};
  EXPECT_THAT(world.conflicts(), ElementsAre("constraints.spare[0]"));
  world.problem.sites.push_back(site_named("lyon"));
  world.options.pools[1].site = 1;
  EXPECT_THAT(world.servers(), ElementsAre(3, 1));
}

TEST(FleetProgram, NothingUnlawfulCarriesATenant) {
  World world;
  world.options.demand = {class_on({1}, "health")};
  world.options.demand[0].reasons = {"country is US"};
  EXPECT_THAT(world.servers(), ElementsAre(0, 1));
}

TEST(FleetProgram, ConflictsNameTheLawWhereItMatters) {
  World world;
  world.problem.tenants = *parse_yaml("[{name: health, residency: {}}]", "p.yaml").root;
  world.options.demand = {class_on({1}, "health")};
  world.options.demand[0].reasons = {"country is US"};
  world.problem.constraints.capex = 3200;  // enough for small servers
  EXPECT_THAT(world.conflicts(), ElementsAre("constraints.capex", "workload", "tenants[health].residency"));
  world.problem.constraints.capex = 1000;  // for nothing
  EXPECT_THAT(world.conflicts(), ElementsAre("constraints.capex", "workload"));
}

TEST(FleetProgram, ATenantThatTheLawLeavesNothingNamesItsPolicy) {
  World world;
  world.options.demand = {class_on({}, "health")};
  world.options.demand[0].reasons = {"country is US"};
  world.load.seconds = {{{kUnbounded, kUnbounded}}};
  EXPECT_THAT(world.conflicts(), ElementsAre("default_residency"));
}

TEST(FleetProgram, ConflictsNameStockAndDemandAlthoughOptionsAreBoundAlready) {
  World world;
  for (ServerOption& server : world.problem.servers) server.stock = 0;
  for (PoolOption& pool : world.options.pools) pool.most = 1;
  EXPECT_THAT(world.conflicts(), UnorderedElementsAre("servers[0].stock", "servers[1].stock", "workload"));
}

TEST(FleetProgram, WithoutOptionsAndDemandTheEmptyFleetIsTheOnlyOne) {
  World world;
  world.options = {};
  world.load = {};
  FleetProgram program(world.problem, world.options, world.load, {});
  EXPECT_EQ(program.choice(solve(program.program(), {})), FleetChoice{});
  program.exclude({});
  EXPECT_EQ(solve(program.program(), {}).state, SolverState::kInfeasible);
}

}  // namespace
}  // namespace kvsim::planner
