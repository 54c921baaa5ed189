// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/no_hit_lru_scorer.h"

#include <gmock/gmock.h>

#include "tests/sim/routing/plugin_bench.h"

namespace kvsim::sim {
namespace {

using testing::ElementsAre;

class NoHitLru : public testing::Test {
 protected:
  // A request with a beginning of its own, sent to `endpoint`.
  void send_cold(EndpointId endpoint, std::optional<EndpointId> prefill = {}) {
    next_scores();
    bench.dispatched(endpoint, prefill);
  }
  std::vector<double> next_scores() {
    bench.prompt_of(++streams, 64);
    return bench.scores("no-hit-lru-scorer");
  }
  std::uint64_t streams = 100;
  PluginBench bench{3, {approximate_index(), no_hit_lru()}};
};

// N = 3: ranks 0, 1, 2 over 2.
TEST_F(NoHitLru, NeverUsedScoreInTheirOrder) { EXPECT_THAT(next_scores(), ElementsAre(1, 0.5, 0)); }

// 0 was used: 1 and 2 are ranks 0 and 1, and 0 is behind the two: 1 - (2 + 0) / 2.
TEST_F(NoHitLru, UsedComeBehindNeverUsed) {
  send_cold(0);
  EXPECT_THAT(next_scores(), ElementsAre(0, 1, 0.5));
}

// All were used, 2 first, then 0, then 1: ranks 1, 2, 0.
TEST_F(NoHitLru, OldestUseFirst) {
  for (const EndpointId endpoint : {2, 0, 1}) send_cold(endpoint);
  EXPECT_THAT(next_scores(), ElementsAre(0.5, 0, 1));
  send_cold(2);  // 0, 1, 2
  EXPECT_THAT(next_scores(), ElementsAre(1, 0.5, 0));
}

TEST_F(NoHitLru, AnyMatchMakesAllEqual) {
  send_cold(1);
  EXPECT_THAT(bench.scores("no-hit-lru-scorer"), ElementsAre(0.5, 0.5, 0.5));
}

TEST_F(NoHitLru, AWarmRequestLeavesTheOrderAlone) {
  for (const EndpointId endpoint : {2, 0, 1}) send_cold(endpoint);
  bench.scores("no-hit-lru-scorer");  // the last prompt again
  bench.dispatched(2);
  EXPECT_THAT(next_scores(), ElementsAre(0.5, 0, 1));
}

TEST_F(NoHitLru, PrefillTargetsAreUsedToo) {
  send_cold(0, 1);
  EXPECT_THAT(next_scores(), ElementsAre(0.5, 0, 1));  // ranks 1 + 0, 1 + 1 and 0 over 2
}

// Uses: 0, 2. Among candidates 1 and 2 (N = 2): 1 never: rank 0; 2: 1 never + its place 1 in the list of all.
TEST_F(NoHitLru, PlacesAreThoseAmongAllEndpoints) {
  send_cold(0);
  send_cold(2);
  bench.candidates = {1, 2};
  EXPECT_THAT(next_scores(), ElementsAre(1, 0));  // max(0, 1 - 2/1)
}

TEST_F(NoHitLru, ALoneCandidateScoresOne) {
  bench.candidates = {2};
  EXPECT_THAT(next_scores(), ElementsAre(1));
}

// A list of two forgets 0 when 2 comes: 0 counts as never used.
TEST(NoHitLruScorer, ForgetsTheOldestBeyondItsSize) {
  PluginBench bench(3, {no_hit_lru(2)});
  for (const EndpointId endpoint : {0, 1, 2}) {
    bench.scores("no-hit-lru-scorer");
    bench.dispatched(endpoint);
  }
  EXPECT_THAT(bench.scores("no-hit-lru-scorer"), ElementsAre(1, 0.5, 0));
}

}  // namespace
}  // namespace kvsim::sim
