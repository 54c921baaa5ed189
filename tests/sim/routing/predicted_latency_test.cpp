// SPDX-License-Identifier: Apache-2.0
// What is predicted, and who is scored how by it? Step times of the tests: a step takes 10 ms, 10 us for each
// prefill token, 100 us for each decode and 10 ns for each token of its context.
#include "sim/routing/predicted_latency.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "sim/routing/latency_scorer.h"
#include "tests/sim/support/routing_world.h"

namespace kvsim {
namespace {

using sim::EndpointIds;
using testing::plugin;
using testing::RoutingWorld;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

sim::PluginSettings producer_settings(double error = 0, bool streaming = true, bool predicts = true) {
  return plugin("predicted-latency-producer", {{"sloBufferFactor", 1},
                                               {"predictionError", error},
                                               {"streamingMode", streaming ? 1 : 0},
                                               {"predictInProduce", predicts ? 1 : 0}});
}

struct FixedMatches final : sim::PrefixProducer {
  sim::PrefixMatches fixed;
  const sim::PrefixMatches& matches() const override { return fixed; }
};
struct FixedPredictions final : sim::LatencyProducer {
  sim::LatencyPredictions fixed;
  FixedPredictions(std::vector<double> ttft, std::vector<double> tpot) {
    fixed.ttft_headroom_seconds = std::move(ttft);
    fixed.tpot_headroom_seconds = std::move(tpot);
  }
  const sim::LatencyPredictions& predictions() const override { return fixed; }
};

TEST(PredictedLatency, OfAnIdleReplicaIsItsOwnPrefill) {
  RoutingWorld world(1);
  world.request.ttft_limit_seconds = 0.5;
  world.request.tpot_limit_seconds = 0.02;
  sim::PredictedLatencyProducer producer(producer_settings(), world.endpoints, nullptr);
  producer.produce(world.call());
  const sim::LatencyPredictions& made = producer.predictions();
  EXPECT_DOUBLE_EQ(made.ttft_seconds[0], 0.010 + 100 * 1e-5);
  EXPECT_DOUBLE_EQ(made.tpot_seconds[0], 0.010 + 1e-4 + 100 * 1e-8);
  EXPECT_DOUBLE_EQ(made.ttft_headroom_seconds[0], 0.5 - 0.011);
  EXPECT_DOUBLE_EQ(made.tpot_headroom_seconds[0], 0.02 - 0.010101);
}

// 16,384 tokens in flight are two full chunks of 0.01 + 0.08192 s. Cached are 4 blocks of 16, so 36 tokens
// are the request's own; with those ahead that makes ceil(16,420 / 8,192) = 3 steps. Beside each run 4
// decodes over 0.5 * 1000 * 16 = 8,000 tokens: 0.0004 + 0.00008 s more than an empty step, less the 0.0001
// and 0.00000001 s of a lone one.
TEST(PredictedLatency, CountsWhatIsAheadCachedAndDecodedBeside) {
  RoutingWorld world(1);
  FixedMatches prefix;
  prefix.fixed = {16, 6, {4}, {4}};
  world.send(0, 16'384);
  world.scraped(0, 3, 4, 0.5);
  sim::PredictedLatencyProducer producer(producer_settings(), world.endpoints, &prefix);
  producer.produce(world.call());
  const double beside = 0.00048 - 0.00010001;
  EXPECT_NEAR(producer.predictions().ttft_seconds[0], 2 * 0.09192 + (0.010 + 36e-5) + 3 * beside, 1e-12);
  EXPECT_NEAR(producer.predictions().tpot_seconds[0], 0.010 + 5e-4 + 8'100e-8, 1e-12);
}

TEST(PredictedLatency, TheStrictestRequestThatRunsTightensTheLimit) {
  RoutingWorld world(2);
  sim::PredictedLatencyProducer producer(producer_settings(), world.endpoints, nullptr);
  world.request.tpot_limit_seconds = 0.02;
  sim::Ticket strict = RoutingWorld::ticket(0, 1);
  strict.request = 7;
  producer.dispatched(world.call(), strict);
  world.request.tpot_limit_seconds = 0.1;
  producer.produce(world.call());
  EXPECT_DOUBLE_EQ(producer.predictions().tpot_headroom_seconds[0], 0.02 - 0.010101);
  EXPECT_DOUBLE_EQ(producer.predictions().tpot_headroom_seconds[1], 0.1 - 0.010101);
  producer.ended(strict, 0);
  producer.produce(world.call());
  EXPECT_DOUBLE_EQ(producer.predictions().tpot_headroom_seconds[0], 0.1 - 0.010101);
}

TEST(PredictedLatency, TpotIsNeutralWithoutStreamingAndWherePrefillsOnlyRun) {
  RoutingWorld world(2);
  world.endpoints[1].role = sim::PoolRole::kPrefill;
  sim::PredictedLatencyProducer streaming(producer_settings(), world.endpoints, nullptr);
  streaming.produce(world.call());
  EXPECT_LT(streaming.predictions().tpot_headroom_seconds[0], 0);
  EXPECT_EQ(streaming.predictions().tpot_headroom_seconds[1], 0);
  sim::PredictedLatencyProducer whole(producer_settings(0, false), world.endpoints, nullptr);
  whole.produce(world.call());
  EXPECT_EQ(whole.predictions().tpot_headroom_seconds[0], 0);
}

TEST(PredictedLatency, ErrsByTheGivenStandardDeviation) {
  RoutingWorld world(1);
  sim::PredictedLatencyProducer producer(producer_settings(0.1), world.endpoints, nullptr);
  double sum = 0, squares = 0;
  constexpr int kDraws = 20'000;
  for (int i = 0; i < kDraws; ++i) {
    producer.produce(world.call());
    const double factor = producer.predictions().ttft_seconds[0] / 0.011;
    sum += factor;
    squares += (factor - 1) * (factor - 1);
  }
  EXPECT_NEAR(sum / kDraws, 1, 5 * 0.1 / std::sqrt(kDraws));
  EXPECT_NEAR(std::sqrt(squares / kDraws), 0.1, 5 * 0.1 / std::sqrt(2.0 * kDraws));
}

TEST(PredictedLatency, CanBeSwitchedOff) {
  RoutingWorld world(1);
  sim::PredictedLatencyProducer producer(producer_settings(0, true, false), world.endpoints, nullptr);
  producer.produce(world.call());
  EXPECT_FALSE(producer.predictions().known(0));
}

std::vector<double> scores(RoutingWorld& world, const FixedPredictions& predictions,
                           const char* strategy = "least", const FixedMatches* prefix = nullptr) {
  sim::LatencyScorer scorer(plugin("latency-scorer",
                                   {{"ttftWeight", 0.8},
                                    {"tpotWeight", 0.2},
                                    {"compositeKVWeight", 1},
                                    {"compositeQueueWeight", 1},
                                    {"compositePrefixWeight", 1}},
                                   {{"headroomSelectionStrategy", strategy}}),
                            predictions, prefix);
  std::vector<double> result(world.candidates.size(), -1);
  scorer.score(world.call(), world.candidates, result);
  return result;
}

using Scores = std::vector<double>;

// n_ttft = 0, 0.5, 1 and n_tpot = 1, 0, 0.5: c = 0.2, 0.4, 0.9. The fourth misses its TTFT.
TEST(LatencyScorer, ScoresThoseThatKeepTheLimitsByLeastHeadroom) {
  RoutingWorld world(4);
  const FixedPredictions predictions({1, 2, 3, -1}, {0.75, 0.25, 0.5, 1});
  const Scores least = scores(world, predictions);
  EXPECT_NEAR(least[0], 0.81, 0.0101);
  EXPECT_NEAR(least[1], 0.61, 0.0101);
  EXPECT_NEAR(least[2], 0.11, 0.0101);
  EXPECT_EQ(least[3], 0);
  const Scores most = scores(world, predictions, "most");
  EXPECT_NEAR(most[0], 0.21, 0.0101);
  EXPECT_NEAR(most[2], 0.91, 0.0101);
}

// Exact in floating point: n_ttft = 0, 0.5, 1 with a flat TPOT, whose weight TTFT takes: c = 0, 0.5, 1.
TEST(LatencyScorer, AFlatDimensionGivesItsWeightAway) {
  RoutingWorld world(3);
  EXPECT_EQ(scores(world, FixedPredictions({1, 2, 3}, {4, 4, 4})), (Scores{1.01, 0.51, 0.01}));
  EXPECT_EQ(scores(world, FixedPredictions({4, 4, 4}, {1, 2, 3})), (Scores{1.01, 0.51, 0.01}));
  EXPECT_EQ(scores(world, FixedPredictions({1, 2, 3}, {4, 4, 4}), "most"), (Scores{0.01, 0.51, 1.01}));
  EXPECT_EQ(scores(world, FixedPredictions({1, 1, 1}, {4, 4, 4})), (Scores{0.51, 0.51, 0.51}));
}

TEST(LatencyScorer, WhereAllMissIdleOnesComeFirst) {
  RoutingWorld world(3);
  world.send(0, 1);
  world.send(2, 1);
  EXPECT_EQ(scores(world, FixedPredictions({1, -9, -1}, {-1, -9, -1})), (Scores{0, 0.51, 0}));
}

TEST(LatencyScorer, OfMissesTheMildestClassIsScoredByTheLeastMiss) {
  RoutingWorld world(4);
  for (const sim::EndpointId endpoint : world.candidates) world.send(endpoint, 1);
  // Both; TPOT only, by 3; TTFT only; TPOT only, by 1. Of the second and the fourth n_ttft is flat.
  for (const char* strategy : {"least", "most"})
    EXPECT_EQ(scores(world, FixedPredictions({-1, 5, -1, 5}, {-1, -3, 1, -1}), strategy),
              (Scores{0, 0.01, 0, 1.01}));
  // Without them: TTFT only.
  EXPECT_EQ(scores(world, FixedPredictions({-1, -5, -1, -5}, {-1, -3, 1, -1})), (Scores{0, 0, 0.51, 0}));
}

TEST(LatencyScorer, WithoutPredictionsIsTheMeanOfCacheQueueAndPrefix) {
  RoutingWorld world(2);
  world.scraped(0, 4, 0, 0.5);
  world.scraped(1, 1, 0, 0.25);
  FixedMatches prefix;
  prefix.fixed = {16, 4, {1, 3}, {1, 3}};
  const FixedPredictions none({kNone, kNone}, {kNone, kNone});
  // (0.5 + (4 - 4) / 4 + 1 / 4) / 3 and (0.75 + 3 / 4 + 3 / 4) / 3
  const Scores composite = scores(world, none, "least", &prefix);
  EXPECT_DOUBLE_EQ(composite[0], 0.25);
  EXPECT_DOUBLE_EQ(composite[1], 0.75);
  world.scraped(0, 0, 0, 0.5);
  world.scraped(1, 0, 0, 0.5);
  EXPECT_DOUBLE_EQ(scores(world, none)[0], 0.5) << "(0.5 + 1 + 0) / 3";
}

TEST(LatencyScorer, OneWithoutAPredictionGetsNothing) {
  RoutingWorld world(2);
  EXPECT_EQ(scores(world, FixedPredictions({kNone, 1}, {kNone, 1})), (Scores{0, 0.51}));
}

EndpointIds filtered(RoutingWorld& world, const FixedPredictions& predictions, double epsilon) {
  EndpointIds endpoints = world.candidates;
  sim::SloHeadroomTierFilter(plugin("slo-headroom-tier-filter", {{"epsilonExploreNeg", epsilon}}),
                             predictions)
      .filter(world.call(), endpoints);
  return endpoints;
}

TEST(SloHeadroomTierFilter, KeepsTheTierThatKeepsTheLimits) {
  RoutingWorld world(3);
  const FixedPredictions mixed({1, -1, 0}, {1, 1, 0});
  EXPECT_EQ(filtered(world, mixed, 0), (EndpointIds{0, 2}));
  EXPECT_EQ(filtered(world, mixed, 1), (EndpointIds{1}));
  int explored = 0;
  for (int i = 0; i < 10'000; ++i) explored += filtered(world, mixed, 0.01).size() == 1 ? 1 : 0;
  EXPECT_NEAR(explored, 100, 50);
}

TEST(SloHeadroomTierFilter, KeepsAllWhereThereIsOneTierOrNoPrediction) {
  RoutingWorld world(2);
  const EndpointIds all = world.candidates;
  EXPECT_EQ(filtered(world, FixedPredictions({-1, -1}, {1, 1}), 0), all);
  EXPECT_EQ(filtered(world, FixedPredictions({1, 1}, {1, 1}), 1), all);
  EXPECT_EQ(filtered(world, FixedPredictions({kNone, kNone}, {kNone, kNone}), 0), all);
}

}  // namespace
}  // namespace kvsim
