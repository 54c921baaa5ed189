// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/in_flight_scorers.h"

#include <gmock/gmock.h>

#include "sim/routing/in_flight_load_producer.h"
#include "tests/sim/routing/plugin_bench.h"

namespace kvsim::sim {
namespace {

using testing::ElementsAre;

PluginSettings active(double idle, double busy) {
  return plugin("active-request-scorer", {{"idleThreshold", idle}, {"maxBusyScore", busy}},
                {{"inFlightLoadProducerName", ""}});
}
PluginSettings token_load(double threshold) {
  return plugin("token-load-scorer", {{"queueThresholdTokens", threshold}},
                {{"inFlightLoadProducerName", ""}, {"prefixMatchInfoProducerName", ""}});
}
PluginSettings lmetric() {
  return plugin("lmetric-scorer", {},
                {{"inFlightLoadProducerName", ""}, {"prefixMatchInfoProducerName", ""}});
}
void send(PluginBench& bench, EndpointId endpoint, int requests) {
  for (int i = 0; i < requests; ++i) bench.send(endpoint);
}

// r = 0, 1, 4; max 4: idle 1, (4-1)/4, (4-4)/4.
TEST(ActiveRequestScorer, IdleScoresOneOthersByDistanceFromTheBusiest) {
  PluginBench bench(3, {active(0, 1)});
  send(bench, 1, 1);
  send(bench, 2, 4);
  EXPECT_THAT(bench.scores("active-request-scorer"), ElementsAre(1, 0.75, 0));
}

// Up to 2 requests count as idle; of max 4 the others get at most half: (4-3)/4 * 0.5 = 0.125.
TEST(ActiveRequestScorer, ThresholdAndBusyScoreMoveTheLine) {
  PluginBench bench(3, {active(2, 0.5)});
  send(bench, 0, 2);
  send(bench, 1, 3);
  send(bench, 2, 4);
  EXPECT_THAT(bench.scores("active-request-scorer"), ElementsAre(1, 0.125, 0));
}

// Equally busy: (4-4)/4 for all.
TEST(ActiveRequestScorer, EquallyBusyAllScoreZero) {
  PluginBench bench(2, {active(0, 1)});
  send(bench, 0, 4);
  send(bench, 1, 4);
  EXPECT_THAT(bench.scores("active-request-scorer"), ElementsAre(0, 0));
}

// T = 1000, a prompt of 256 of which endpoint 0 has 128:
//   0: 1 - (300 + 128) / 1000; 1: 1 - 256 / 1000; 2: min(2000 + 256, 1000): 0.
TEST(TokenLoadScorer, AddsThePromptsOwnUncachedTokens) {
  PluginBench bench(3, {approximate_index(), token_load(1000)});
  bench.has_prefix(0, 128);
  bench.send(0, 300);
  bench.send(2, 2000);
  EXPECT_THAT(bench.scores("token-load-scorer"), ElementsAre(1 - 0.428, 1 - 0.256, 0));
}

// The last block of a match may be a part: a match never exceeds the prompt. T = 1000, prompt of 100.
TEST(TokenLoadScorer, WholePromptCachedWeighsNothing) {
  PluginBench bench(2, {approximate_index(), token_load(1000)});
  bench.prompt_of(1, 100);
  bench.has_prefix(1, 100);
  EXPECT_THAT(bench.scores("token-load-scorer"), ElementsAre(0.9, 1));
}

// Costs 256*1, 128*3 = 384, 256*4 = 1024: (1024-256)/768, (1024-384)/768, 0.
TEST(LmetricScorer, CostIsNewTokensTimesRequests) {
  PluginBench bench(3, {approximate_index(), lmetric()});
  bench.has_prefix(1, 128);
  send(bench, 1, 2);
  send(bench, 2, 3);
  EXPECT_THAT(bench.scores("lmetric-scorer"), ElementsAre(1, 640.0 / 768, 0));
}

// 1.5 * 256 = 384, the client allows 200; without the flag nothing.
TEST(InFlightLoad, EstimatesOutputsUpToWhatTheClientAllows) {
  PluginBench bench(1, {load_producer(1), named("plain", load_producer(0))});
  const auto estimate = [&](const char* name) {
    return bench.plugins().find<InFlightLoadProducer>(name)->estimated_output_tokens(bench.request);
  };
  EXPECT_EQ(estimate("inflight-load-producer"), 384);
  bench.request.max_output_tokens = 200;
  EXPECT_EQ(estimate("inflight-load-producer"), 200);
  EXPECT_EQ(estimate("plain"), 0);
}

}  // namespace
}  // namespace kvsim::sim
