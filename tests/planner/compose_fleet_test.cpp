// SPDX-License-Identifier: Apache-2.0
#include "planner/nodes.h"
#include "sim/scenario/lawful.h"
#include "tests/planner/problem_fixture.h"

namespace kvsim::planner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ComposeFleet : public ProblemTest {};

const std::string kSovereign = kSmall + R"(sites:
  - {name: paris, labels: {country: FR}, client_rtt: 6ms, rtt: {dublin: 18ms}}
  - {name: dublin, labels: {country: IE}}
storage:
  - name: vault
    kind: nfs
    site: paris
    price_per_tb: 100
    sizes:
      - {capacity: 10TB, read_bytes_per_second: 5GB, write_bytes_per_second: 4GB}
      - {capacity: 20TB, read_bytes_per_second: 9GB, write_bytes_per_second: 8GB}
engines:
  - {name: plain, engine: {max_num_seqs: 128}}
  - {name: tiered, sites: [paris], kv: {storage: {system: vault}}}
tenants:
  - {name: bank, isolation: nodes}
  - {name: city, residency: {compute: {country: FR}}}
router: {policy: least-request}
)";
const DemandNames kThree{{"bank", "", ""}, {"city", "", ""}, {"", "", ""}};

TEST_F(ComposeFleet, TheFleetReaderReadsWhatWasChosen) {
  const Problem read = problem(kSovereign);
  const Options options = list_options(read, shipped(), kThree);
  FleetChoice choice{std::vector<std::uint32_t>(options.pools.size(), 0), {1}};
  std::size_t bank = 0, tiered = 0;
  for (std::size_t i = 0; i < options.pools.size(); ++i) {
    if (options.pools[i].dedicated_to == "bank") bank = i;
    if (options.pools[i].storage && options.pools[i].dedicated_to.empty()) tiered = i;
  }
  choice.servers[bank] = 1;
  choice.servers[tiered] = 3;
  const sim::Fleet fleet = sim::read_fleet(compose_fleet(read, options.pools, choice), shipped());
  ASSERT_EQ(fleet.pools.size(), 2u);
  const sim::Pool& pool = fleet.pools[tiered < bank ? 0 : 1];
  EXPECT_EQ(pool.name, options.pools[tiered].name);
  EXPECT_EQ(pool.replicas, 24u);
  EXPECT_EQ(pool.site, "paris");
  ASSERT_EQ(fleet.storage.size(), 1u);
  EXPECT_EQ(fleet.storage[0].capacity_bytes, 20'000'000'000'000u);
  EXPECT_EQ(fleet.storage[0].write_bytes_per_second, 8e9);
  EXPECT_EQ(fleet.slo_classes[0].name, "default");
  EXPECT_EQ(fleet.slo_classes[0].objectives.size(), 2u);
  EXPECT_EQ(fleet.router.site, "paris");
  EXPECT_EQ(fleet.tenants.size(), 2u);
}

// What the options say of each kind of request is what the router of the composed fleet finds.
TEST_F(ComposeFleet, LawfulnessIsThatOfTheRouter) {
  const Problem read = problem(kSovereign);
  const Options options = list_options(read, shipped(), kThree);
  const FleetChoice all{std::vector<std::uint32_t>(options.pools.size(), 1), {0}};
  const sim::Fleet fleet = sim::read_fleet(compose_fleet(read, options.pools, all), shipped());
  ASSERT_EQ(fleet.pools.size(), options.pools.size());
  for (const DemandClass& demand : options.demand) {
    const auto pools = sim::lawful_pools(fleet, demand.tenant, "Llama-3.1-8B").pools;
    EXPECT_THAT(demand.lawful, ::testing::ElementsAreArray(pools.begin(), pools.end())) << demand.tenant;
    EXPECT_EQ(demand.lawful.size() + demand.reasons.size(), options.pools.size());
  }
}

TEST_F(ComposeFleet, WithoutTenantsNothingIsRefusedForThem) {
  const Problem read = problem(kSovereign);
  const Options options = list_options(read, shipped(), kThree);
  FleetChoice choice{std::vector<std::uint32_t>(options.pools.size(), 0), {{}}};
  for (std::size_t i = 0; i < options.pools.size(); ++i)
    if (options.pools[i].site == 1 && options.pools[i].dedicated_to.empty()) choice.servers[i] = 1;
  EXPECT_THROW(sim::read_fleet(compose_fleet(read, options.pools, choice), shipped()), InputError);
  EXPECT_TRUE(sim::read_fleet(compose_fleet(read, options.pools, choice, false), shipped()).tenants.empty());
}

TEST_F(ComposeFleet, ALongLimitOfTokensReadsBackWithItsUnit) {
  std::string text = kSmall;
  text.replace(text.find("ttft: 1s"), 8, "ttft: 15s");
  const Problem read = problem(text);
  const Options options = list_options(read, shipped(), {{"", "", ""}});
  FleetChoice choice{std::vector<std::uint32_t>(options.pools.size(), 0), {}};
  choice.servers[0] = 1;
  const sim::Fleet fleet = sim::read_fleet(compose_fleet(read, options.pools, choice), shipped());
  EXPECT_EQ(fleet.slo_classes.at(0).objectives.at(0).limit_seconds, 15);
}

TEST_F(ComposeFleet, ErrorsNameTheLineOfTheProblem) {
  const Problem read = problem(kSovereign);
  Options options = list_options(read, shipped(), kThree);
  FleetChoice choice{std::vector<std::uint32_t>(options.pools.size(), 0), {{}}};
  choice.servers[0] = 1;  // nothing for the bank
  try {
    sim::read_fleet(compose_fleet(read, options.pools, choice), shipped());
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(lines_of(error), ::testing::Contains(HasSubstr("problem.yaml:31:")));
  }
}

// A label that only storage declares must not make a fleet without storage unreadable.
TEST_F(ComposeFleet, NothingIsAskedOfPlacesOfRestWhereNothingRests) {
  const std::string text = replaced(kSovereign, "{country: FR}}}\nrouter",
                                    "{country: FR}, kv_at_rest: {key_custody: us}}}\nrouter");
  const Problem read =
      problem(replaced(text, "price_per_tb: 100", "labels: {key_custody: us}\n    price_per_tb: 100"));
  const DemandNames demand{{"bank", "", ""}, {"city", "", ""}};
  const Options options = list_options(read, shipped(), demand);
  FleetChoice choice{std::vector<std::uint32_t>(options.pools.size(), 0), {{}}};
  for (std::size_t i = 0; i < options.pools.size(); ++i)
    if (!options.pools[i].storage && options.pools[i].site == 0) choice.servers[i] = 1;
  EXPECT_EQ(sim::read_fleet(compose_fleet(read, options.pools, choice), shipped()).tenants.size(), 2u);
  choice.servers.assign(options.pools.size(), 1);
  choice.storage = {0};
  EXPECT_TRUE(
      sim::read_fleet(compose_fleet(read, options.pools, choice), shipped()).tenants[1].residency.any());
}

// The largest capacity that a fleet takes.
TEST_F(ComposeFleet, LargeAmountsAreReadBackAsTheyWere) {
  const Problem read = problem(replaced(kSovereign, "capacity: 10TB", "capacity: 1000000000000000000"));
  const Options options = list_options(read, shipped(), kThree);
  const FleetChoice all{std::vector<std::uint32_t>(options.pools.size(), 1), {1}};
  const sim::Fleet fleet = sim::read_fleet(compose_fleet(read, options.pools, all), shipped());
  EXPECT_EQ(fleet.storage[0].capacity_bytes, 1'000'000'000'000'000'000u);
}

TEST(FlowText, ReadsBackAsTheSame) {
  for (const char* text :
       {"{a: 1, b: [x, \"12\", null], c: {d: \"true\", e: 5ms}}", "[]", "{}", "\"a, b: c\"", "-3.5e-7"}) {
    const Node node = *parse_yaml(text, "t").root;
    EXPECT_EQ(flow_text(node), text);
    EXPECT_EQ(flow_text(*parse_yaml(flow_text(node), "t").root), flow_text(node));
  }
}

}  // namespace
}  // namespace kvsim::planner
