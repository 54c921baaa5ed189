// SPDX-License-Identifier: Apache-2.0
// What a slow router does to requests, and what an explained decision says.
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/cluster/simulation.h"
#include "tests/sim/support/event_log.h"
#include "tests/sim/support/fleets.h"
#include "tests/sim/support/scripted_source.h"

namespace kvsim {
namespace {

using sim::RequestStatus;
using testing::EventLog;

struct Explained final : EventLog {
  std::vector<sim::RoutingRecord> decisions;
  void on_routed(const sim::RoutingRecord& record) override { decisions.push_back(record); }
};

// Steps of 10 ms, whatever is in them.
sim::Fleet fleet_of(std::uint32_t replicas) {
  auto times = std::make_shared<testing::LinearStepTime>();
  times->prefill_token_seconds = times->decode_seconds = times->context_token_seconds = 0;
  sim::Fleet fleet = testing::plain_fleet(testing::plain_pool("pool", times));
  fleet.pools[0].replicas = replicas;
  return fleet;
}

Explained play(const sim::Fleet& fleet, const std::vector<Nanoseconds>& arrivals,
               std::uint64_t explain_every = 0) {
  std::vector<testing::Scripted> script;
  for (std::size_t i = 0; i < arrivals.size(); ++i)
    script.push_back({testing::plain_request(arrivals[i], 100, 2, 1000 + 2 * i)});
  testing::ScriptedSource source(script);
  Explained log;
  sim::RunOptions options;
  options.explain_every = explain_every;
  sim::simulate(fleet, source, log, options);
  std::sort(log.records.begin(), log.records.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return log;
}

TEST(RouterCost, ARequestPaysHopQueueAndService) {
  sim::Fleet fleet = fleet_of(1);
  fleet.router.cost.seconds = 0.004;
  fleet.router.cost.hop_seconds = 0.001;
  const Explained log = play(fleet, {0, 0});
  EXPECT_EQ(log.records[0].routed, 5'000'000);  // 1 ms + 4 ms
  EXPECT_EQ(log.records[1].routed, 9'000'000);  // behind the first
  EXPECT_EQ(log.records[0].first_token, 15'000'000);
}

TEST(RouterCost, ARouterThatIsTooSlowFailsItsRequests) {
  sim::Fleet fleet = fleet_of(1);
  fleet.router.cost.seconds = 0.1;
  fleet.router.cost.timeout_seconds = 0.15;
  const Explained log = play(fleet, {0, 0, 0});  // the third would begin at 200 ms
  EXPECT_EQ(log.records[1].status, RequestStatus::kCompleted);
  EXPECT_EQ(log.records[2].status, RequestStatus::kRouterFailed);
  EXPECT_EQ(log.records[2].finished, 150'000'000);
}

TEST(RouterCost, OrAGatewayThatFailsOpenSendsThemAnywhere) {
  sim::Fleet fleet = fleet_of(3);
  fleet.router.cost.seconds = 0.1;
  fleet.router.cost.timeout_seconds = 0.15;
  fleet.router.cost.fail_open = true;
  const Explained log = play(fleet, {0, 0, 0});
  EXPECT_EQ(log.records[2].status, RequestStatus::kCompleted);
  EXPECT_EQ(log.records[2].routed, 150'000'000);
}

TEST(RouterCost, MoreThanMayWaitAreTurnedAwayAtOnce) {
  sim::Fleet fleet = fleet_of(1);
  fleet.router.cost.seconds = 0.1;
  fleet.router.cost.max_waiting = 1;
  const Explained log = play(fleet, {0, 0, 0});
  EXPECT_EQ(log.records[2].status, RequestStatus::kRouterFailed);
  EXPECT_EQ(log.records[2].finished, 0);
}

TEST(RouterCost, EachReplicaOfTheRouterHasACoreOfItsOwn) {
  sim::Fleet fleet = fleet_of(1);
  fleet.router.cost.seconds = 0.004;
  fleet.router.replicas = 2;
  const Explained log = play(fleet, {0, 0});
  EXPECT_EQ(log.records[0].routed, 4'000'000);
  EXPECT_EQ(log.records[1].routed, 4'000'000);
}

TEST(RouterCost, TokensComeLateWhereTheirStreamBacksUp) {
  // One token in 10 ms at 20 ms of the core each: a core-second piles up each second. The first token comes
  // out of a step of 10 ms, behind 10 ms of backlog, the second 10 ms later behind 20.
  sim::Fleet fleet = fleet_of(1);
  fleet.router.cost.seconds_per_streamed_token = 0.02;
  const Explained log = play(fleet, {0});
  EXPECT_EQ(log.records[0].first_token, 20'000'000);
  EXPECT_EQ(log.records[0].finished, 40'000'000);
}

TEST(Explain, LookingChangesNothing) {
  for (const char* policy : {"random", "least-request", "lmetric", "oracle"}) {
    sim::Fleet fleet = fleet_of(3);
    fleet.router.policy = policy;
    if (fleet.router.policy == "lmetric")
      fleet.router.parameters.numbers = {{"block_tokens", 16}, {"approximate", 0}};
    std::vector<Nanoseconds> arrivals;
    for (int i = 0; i < 40; ++i) arrivals.push_back(i * 3'000'000);
    const Explained looked = play(fleet, arrivals, 1), plain = play(fleet, arrivals);
    EXPECT_EQ(looked.lines, plain.lines) << policy;
    EXPECT_EQ(looked.decisions.size(), 40u);
  }
}

TEST(Explain, RegretIsWhatTheOracleWouldHaveSaved) {
  // Round robin over two replicas. At 1 ms the second request goes to the idle second replica: no regret. The
  // third comes at 2 ms to the first, whose step ends at 10 ms: its own step ends at 20, 18 ms from now. The
  // second one's step, which began at 1 ms, ends at 11 ms: 19 ms. The pick is the better one; the fourth at 3
  // ms goes to the second: 18 ms there; on the first both wait for the step that begins at 10 ms: 17 ms.
  sim::Fleet fleet = fleet_of(2);
  const Explained log = play(fleet, {0, 1'000'000, 2'000'000, 3'000'000}, 1);
  ASSERT_EQ(log.decisions.size(), 4u);
  EXPECT_DOUBLE_EQ(log.decisions[0].regret_seconds, 0);
  EXPECT_DOUBLE_EQ(log.decisions[1].regret_seconds, 0);
  EXPECT_NEAR(log.decisions[2].candidates[0].ttft_seconds, 0.018, 1e-9);
  EXPECT_NEAR(log.decisions[2].candidates[1].ttft_seconds, 0.019, 1e-9);
  EXPECT_DOUBLE_EQ(log.decisions[2].regret_seconds, 0);
  EXPECT_EQ(log.decisions[3].oracle, 0u);
  EXPECT_NEAR(log.decisions[3].regret_seconds, 0.001, 1e-9);
}

TEST(Explain, EveryNthDecisionIsTold) {
  const Explained log = play(fleet_of(2), {0, 1, 2, 3, 4, 5, 6}, 3);
  ASSERT_EQ(log.decisions.size(), 3u);
  EXPECT_EQ(log.decisions[1].request, 3u);
  EXPECT_EQ(log.decisions[1].candidates.size(), 2u);
}

}  // namespace
}  // namespace kvsim
