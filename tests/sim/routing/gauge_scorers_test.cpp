// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/gauge_scorers.h"

#include <gmock/gmock.h>

#include "tests/sim/routing/plugin_bench.h"

namespace kvsim::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// max 6, min 2: (6-2)/4, (6-6)/4, (6-5)/4.
TEST(QueueScorer, PlacesEachBetweenTheLongestAndTheShortestQueue) {
  PluginBench bench(3, {plugin("queue-scorer")});
  bench.waiting(0, 2);
  bench.waiting(1, 6);
  bench.waiting(2, 5);
  EXPECT_THAT(bench.scores("queue-scorer"), ElementsAre(1, 0, 0.25));
}

TEST(QueueScorer, EqualQueuesAllScoreOne) {
  PluginBench bench(2, {plugin("queue-scorer")});
  bench.waiting(0, 4);
  bench.waiting(1, 4);
  EXPECT_THAT(bench.scores("queue-scorer"), ElementsAre(1, 1));
}

TEST(QueueScorer, NoCandidatesNoScores) {
  PluginBench bench(2, {plugin("queue-scorer")});
  bench.candidates.clear();
  EXPECT_THAT(bench.scores("queue-scorer"), IsEmpty());
}

// The range is that of the candidates 1 and 2 (3 and 5), not that of the fleet (0 to 5).
TEST(QueueScorer, RangeIsThatOfTheCandidates) {
  PluginBench bench(3, {plugin("queue-scorer")});
  bench.waiting(1, 3);
  bench.waiting(2, 5);
  bench.candidates = {1, 2};
  EXPECT_THAT(bench.scores("queue-scorer"), ElementsAre(1, 0));
}

TEST(QueueScorer, KeptScoresFollowGaugesAndCandidates) {
  PluginBench bench(3, {plugin("queue-scorer")});
  bench.waiting(0, 4);
  EXPECT_THAT(bench.scores("queue-scorer"), ElementsAre(0, 1, 1));
  EXPECT_THAT(bench.scores("queue-scorer"), ElementsAre(0, 1, 1));
  bench.waiting(1, 2);
  EXPECT_THAT(bench.scores("queue-scorer"), ElementsAre(0, 0.5, 1));
  bench.candidates = {0, 1};
  EXPECT_THAT(bench.scores("queue-scorer"), ElementsAre(0, 1));
}

// max 8, min 0: (8-8)/8, (8-2)/8, (8-0)/8.
TEST(RunningScorer, PlacesEachBetweenMostAndFewestRunning) {
  PluginBench bench(3, {plugin("running-requests-size-scorer")});
  bench.running(0, 8);
  bench.running(1, 2);
  EXPECT_THAT(bench.scores("running-requests-size-scorer"), ElementsAre(0, 0.75, 1));
}

// 1 - usage, whatever the others have.
TEST(KvCacheScorer, ScoresTheFreeShare) {
  PluginBench bench(3, {plugin("kv-cache-utilization-scorer")});
  bench.kv_usage(0, 0.25);
  bench.kv_usage(1, 1);
  EXPECT_THAT(bench.scores("kv-cache-utilization-scorer"), ElementsAre(0.75, 0, 1));
}

// Threshold 8: q = 0: 0.5; q = 2: 0.5 (1 - 2/8) = 0.375; q = 8 and 20: 0.
TEST(LoadAwareScorer, FallsFromOneHalfToZeroAtTheThreshold) {
  PluginBench bench(4, {plugin("load-aware-scorer", {{"threshold", 8}})});
  bench.waiting(1, 2);
  bench.waiting(2, 8);
  bench.waiting(3, 20);
  EXPECT_THAT(bench.scores("load-aware-scorer"), ElementsAre(0.5, 0.375, 0, 0));
}

TEST(GaugeScorers, OnlyTheOneOfKvUsageAsksForIt) {
  PluginBench bench(1, {plugin("queue-scorer"), plugin("kv-cache-utilization-scorer")});
  EXPECT_TRUE(bench.plugins().find<Scorer>("queue-scorer")->needs().gauges);
  EXPECT_FALSE(bench.plugins().find<Scorer>("queue-scorer")->needs().kv_usage);
  EXPECT_TRUE(bench.plugins().find<Scorer>("kv-cache-utilization-scorer")->needs().kv_usage);
}

}  // namespace
}  // namespace kvsim::sim
