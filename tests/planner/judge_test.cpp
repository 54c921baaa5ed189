// SPDX-License-Identifier: Apache-2.0
// Verdicts over summaries written by hand, and fleets beside a fleet.
#include "planner/judge.h"

#include <gmock/gmock.h>

#include <cmath>

#include "planner/losses.h"
#include "planner/neighbours.h"
#include "planner/ties.h"
#include "tests/planner/worlds.h"

namespace kvsim::planner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::shared_ptr<const Node> summary(const std::string& parts) {
  return parse_json(R"({"requests": {"offered": 100, "completed": 90}, "verdict": {"state": "steady"}, )" +
                        parts + "}",
                    "summary.json")
      .root;
}

struct JudgeTest : ::testing::Test {
  JudgeTest() {
    problem.slos = {{.name = "chat", .normal = {.limits = {{"ttft", 1}}, .attainment = 0.9}}};
    problem.servers = {server_for(1)};
  }
  Judgement of(const std::vector<std::string>& parts) const {
    Summaries summaries;
    for (const std::string& one : parts) summaries.push_back(summary(one));
    return judge(problem, pools, summaries);
  }
  Problem problem = bare_problem();
  std::vector<PoolOption> pools = {pool_of(0, 0)};
};

std::string chat(double attainment) {
  return R"("slo": [{"class": "chat", "attainment": )" + std::to_string(attainment) + "}]";
}

TEST_F(JudgeTest, TheGoalItselfIsEnough) {
  EXPECT_TRUE(of({chat(0.9)}).passes);
  const Judgement missed = of({chat(0.89)});
  EXPECT_FALSE(missed.passes);
  EXPECT_THAT(missed.misses, ElementsAre("chat: attainment 0.89 under 0.9"));
  EXPECT_EQ(missed.attainment, 0.89);
  EXPECT_EQ(missed.completed_share, 0.9);
}

// The worst run must pass; the attainment is their mean.
TEST_F(JudgeTest, EverySeedMustPass) {
  const Judgement seeds = of({chat(0.99), chat(0.85), chat(0.95)});
  EXPECT_FALSE(seeds.passes);
  EXPECT_EQ(seeds.checks[0].value, 0.85);
  EXPECT_NEAR(seeds.attainment, 0.93, 1e-12);
  EXPECT_TRUE(of({chat(0.91), chat(0.97)}).passes);
}

TEST_F(JudgeTest, AClassThatNobodyAsksInIsNotJudged) {
  problem.slos.push_back({.name = "batch", .normal = {.limits = {{"e2e", 9}}}});
  const Judgement one = of({chat(0.9)});
  EXPECT_TRUE(one.passes);
  EXPECT_EQ(one.checks.size(), 1u);
}

TEST_F(JudgeTest, EachClassIsJudgedByItself) {
  problem.slos.push_back({.name = "batch", .normal = {.limits = {{"e2e", 9}}, .attainment = 0.5}});
  const Judgement two =
      of({R"("slo": [{"class": "batch", "attainment": 0.4}, {"class": "chat", "attainment": 1}])"});
  EXPECT_THAT(two.misses, ElementsAre("batch: attainment 0.4 under 0.5"));
  EXPECT_EQ(two.attainment, 0.4);
}

std::string group(const std::string& p90) {
  return R"("slo": [{"class": "chat", "attainment": 1}], "classes": [{"name": "chat", "requests": {"offered": 10, "completed": 10}, "latency": {"ttft_seconds": {"p90": )" +
         p90 + "}}}]";
}

TEST_F(JudgeTest, TargetsHoldForTheWorstSeed) {
  problem.slos[0].normal.targets = {{"ttft", "p90", 0.5}};
  EXPECT_TRUE(of({group("0.5")}).passes);
  const Judgement missed = of({group("0.4"), group("0.6")});
  EXPECT_THAT(missed.misses, ElementsAre("chat: ttft p90 0.6 s over 0.5 s"));
}

TEST_F(JudgeTest, ATargetOfNoCompletedRequestIsMissed) {
  problem.slos[0].normal.targets = {{"ttft", "p90", 0.5}};
  for (const auto& seeds : {std::vector<std::string>{group("null")},
                            {group("null"), group("0.1")},
                            {group("0.1"), group("null")},
                            {chat(1)}}) {
    const Judgement judgement = of(seeds);
    EXPECT_FALSE(judgement.passes);
    EXPECT_TRUE(std::isnan(judgement.checks.back().value));
  }
}

// Without limits of a request, those that were completed count: 8 of 10.
TEST_F(JudgeTest, AClassWithoutLimitsIsJudgedByWhatWasCompleted) {
  problem.slos[0].normal = {.attainment = 0.9, .targets = {}};
  const std::string some = R"("classes": [{"name": "chat", "requests": {"offered": 10, "completed": 8}}])";
  EXPECT_THAT(of({some}).misses, ElementsAre("chat: attainment 0.8 under 0.9"));
}

TEST_F(JudgeTest, AGrowingQueueIsToldAndNotJudged) {
  Summaries one = {
      parse_json(R"({"requests": {"offered": 1, "completed": 1}, "verdict": {"state": "queue_grows"}, )" +
                     chat(1) + "}",
                 "")
          .root};
  const Judgement judgement = judge(problem, pools, one);
  EXPECT_TRUE(judgement.passes);
  EXPECT_TRUE(judgement.queue_grows);
}

// 6 replicas at two a server are 3 servers, which draw 900 W and 1,500 W: 300 and 500 W each, 400 W on
// average.
TEST_F(JudgeTest, WattsAreThoseOfOneServer) {
  pools[0].replicas_per_server = 2;
  const auto drawn = [](const std::string& watts) {
    return chat(1) + R"(, "pools": [{"name": "pool-0-0", "replicas": 6, "mean_watts": )" + watts + "}]";
  };
  EXPECT_NEAR(of({drawn("900"), drawn("1500")}).watts[0], 400, 1e-9);
  EXPECT_TRUE(std::isnan(of({chat(1)}).watts[0]));
}

TEST_F(JudgeTest, DegradedGoalsTakeThePlaceOfNormalOnesWhereTheyAreStated) {
  problem.slos.push_back(problem.slos[0]);
  problem.slos[1].degraded = SloGoal{.limits = {{"ttft", 7}}, .attainment = 0.5};
  const Problem degraded = in_degraded_operation(problem);
  EXPECT_EQ(degraded.slos[0].normal.attainment, 0.9);
  EXPECT_EQ(degraded.slos[1].normal.attainment, 0.5);
}

// --- fleets beside a fleet ---
struct Beside : ::testing::Test {
  Beside() {
    problem.sites.push_back(site_named("lyon"));
    problem.servers = {server_for(100, "a"), server_for(50, "b")};
    options.pools = {pool_of(0, 0, 3), pool_of(1, 1, 3)};
    options.demand = {class_on({0, 1})};
  }
  std::vector<std::vector<std::uint32_t>> servers(const FleetChoice& of) const {
    std::vector<std::vector<std::uint32_t>> list;
    for (const Proposal& one : neighbours(problem, options, of)) list.push_back(one.choice.servers);
    return list;
  }
  Problem problem = bare_problem();
  Options options;
};

using Fleets = std::vector<std::uint32_t>;

TEST_F(Beside, NeighboursAreAStepAway) {
  EXPECT_THAT(servers(choice_of({2, 1})), ElementsAre(Fleets{1, 1}, Fleets{2, 0}, Fleets{0, 1}, Fleets{0, 2},
                                                      Fleets{1, 2}, Fleets{3, 0}));
  EXPECT_THAT(servers(choice_of({1, 0})), ElementsAre(Fleets{0, 1}));  // no server is no fleet
  EXPECT_THAT(servers(choice_of({1, 3})),
              testing::Not(testing::Contains(Fleets{0, 4})));  // no more than `most`
}

TEST_F(Beside, StorageGoesWithItsLastServerAndComesInItsSmallestSize) {
  problem.storage.push_back({.name = "scale", .sizes = {{}, {}, {}}});
  options.pools[1].storage = 0;
  for (const Proposal& one : neighbours(problem, options, choice_of({1, 1}, {2}))) {
    const bool is_mounted = one.choice.servers[1] > 0;
    EXPECT_EQ(one.choice.storage[0].has_value(), is_mounted) << one.origin;
  }
  const auto first = neighbours(problem, options, choice_of({1, 0}, {std::nullopt}));
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].choice.storage[0], 0u);
  std::vector<std::size_t> sizes;
  for (const Proposal& one : neighbours(problem, options, choice_of({0, 1}, {2})))
    if (one.origin.starts_with("a smaller")) sizes.push_back(*one.choice.storage[0]);
  EXPECT_THAT(sizes, ElementsAre(0, 1));
}

// A rack of 42 units and 6 kW: servers of 10 units and 1 kW are four by height; of 4 kW one by power.
TEST_F(Beside, LossesAreAThingOfEachOptionInUse) {
  problem.constraints.spare = {Spare::kNode, Spare::kRack, Spare::kSite};
  for (ServerOption& server : problem.servers) server.rack_units = 10;
  problem.sites[0].rack.watts = problem.sites[1].rack.watts = 6000;
  problem.servers[0].base_watts = 1000;
  problem.servers[1].base_watts = 4000;
  std::vector<std::string> lost;
  for (const Loss& loss : losses_of(problem, options.pools, choice_of({3, 2})))
    lost.push_back(loss.in_words + " " + std::to_string(loss.servers));
  EXPECT_THAT(lost, ElementsAre("a node of pool-0-0 1", "a node of pool-1-1 1", "a rack of pool-0-0 3",
                                "a rack of pool-1-1 1", "site paris 0", "site lyon 0"));
  EXPECT_EQ(losses_of(problem, options.pools, choice_of({0, 2})).size(), 3u);
}

struct Tied : Beside {
  Tied() {
    plan.problem = problem;
    plan.options = options;
  }
  void price(std::size_t server, double low, double value, double high) {
    plan.problem.servers[server].purchase = PriceTag{value, low, high};
  }
  void add(const FleetChoice& choice, bool passes = true) {
    EvaluatedFleet fleet;
    fleet.choice = choice;
    fleet.cost = cost_of(plan.problem, plan.options.pools, choice, {0, 0});
    fleet.normal.ran = fleet.normal.passes = passes;
    plan.evaluated.push_back(fleet);
  }
  std::vector<std::size_t> tied() {
    plan.best = 0;
    return ties(plan, {0, 0});
  }
  Plan plan;
};

// One a for 100 to 120, or two b for 50 to 60 each: 2 x 52 <= 120 at the ends that favour b.
TEST_F(Tied, FleetsWhosePricesOverlapAreTies) {
  price(0, 90, 100, 120);
  price(1, 52, 55, 60);
  add(choice_of({1, 0}));
  add(choice_of({0, 2}));
  EXPECT_THAT(tied(), ElementsAre(1));
  price(1, 60.1, 61, 62);
  plan.evaluated.resize(1);
  add(choice_of({0, 2}));
  EXPECT_THAT(tied(), IsEmpty());
}

// What both buy costs the same in both: a server more is never a tie, however wide its range.
TEST_F(Tied, OneServerMoreIsNoTie) {
  price(0, 1, 100, 1000);
  add(choice_of({1, 0}));
  add(choice_of({2, 0}));
  EXPECT_THAT(tied(), IsEmpty());
}

TEST_F(Tied, WhatMissesItsGoalsIsNoTie) {
  add(choice_of({1, 0}));
  add(choice_of({0, 2}), false);
  EXPECT_THAT(tied(), IsEmpty());
}

}  // namespace
}  // namespace kvsim::planner
