// SPDX-License-Identifier: Apache-2.0
// Picks of rival routers, worked by hand. Prefill in all of them: 10 ms + 10 us x tokens; a decode step 10 ms
// + 0.1 ms x sequences.
#include <gtest/gtest.h>

#include "sim/routing/oracle.h"
#include "sim/routing/sglang_cache_aware.h"
#include "tests/sim/routing/router_case.h"

namespace kvsim {
namespace {

using sim::EndpointId;
using sim::EndpointIds;
using testing::plain_endpoints;
using testing::prefill_and_decode;
using testing::RouterCase;

// --- oracle ---

TEST(Oracle, SendsWhereTheFirstTokenComesFirst) {
  RouterCase oracle(plain_endpoints(3));
  oracle.use<sim::OracleRouter>(std::uint64_t{1});
  oracle.truth.ttft = {{0, 0.3}, {1, 0.1}, {2, 0.2}};
  EXPECT_EQ(oracle.send(100), 1u);
  EXPECT_EQ(oracle.explanation.profiles.at(0).totals, (std::vector<double>{-0.3, -0.1, -0.2}));
}

TEST(Oracle, DrawsAmongEquals) {
  RouterCase oracle(plain_endpoints(3));
  oracle.use<sim::OracleRouter>(std::uint64_t{1});
  oracle.truth.ttft = {{0, 0.3}, {1, 0.1}, {2, 0.1}};
  std::map<EndpointId, int> picks;
  for (int i = 0; i < 1000; ++i) ++picks[oracle.decide({{1, 0, 10}}).ticket.decode];
  EXPECT_EQ(picks[0], 0);
  EXPECT_NEAR(picks[1], 500, 80);  // 5 standard deviations of 16
}

TEST(Oracle, PrefillsAndDecodesWithTheFreest) {
  RouterCase oracle(prefill_and_decode(2, 2));
  oracle.use<sim::OracleRouter>(std::uint64_t{1});
  oracle.truth.ttft = {{0, 0.3}, {1, 0.1}, {2, 0}, {3, 0}};
  oracle.truth.told = {{2, {3, 1, 0}}, {3, {0, 3, 0}}};
  const sim::Ticket ticket = oracle.decide({{1, 0, 100}}).ticket;
  EXPECT_EQ(ticket.prefill, 1u);
  EXPECT_EQ(ticket.decode, 3u);
  EXPECT_EQ(ticket.prefill_uncached_tokens, 100u);
  EXPECT_EQ(ticket.uncached_tokens, 0u);
}

TEST(Rivals, RefuseWhereNobodyMayDecode) {
  RouterCase oracle(prefill_and_decode(2, 1));
  oracle.use<sim::OracleRouter>(std::uint64_t{1});
  oracle.candidates = {0, 1};
  EXPECT_EQ(oracle.decide({{1, 0, 100}}).refusal, sim::Refusal::kNoEndpoint);
}

// --- SGLang's cache_aware ---

sim::Parameters sglang(double max_tree_size = 67'108'864) {
  return {{{"cache_threshold", 0.3},
           {"balance_abs_threshold", 2},
           {"balance_rel_threshold", 1.5},
           {"max_tree_size", max_tree_size},
           {"eviction_interval", 60},
           {"chars_per_token", 4}},
          {},
          {}};
}

TEST(SglangCacheAware, GoldenPicks) {
  RouterCase sgl(plain_endpoints(3));
  sgl.use<sim::SglangCacheAwareRouter>(std::uint64_t{1}, sglang());
  const std::vector<traces::Piece> a{{1, 0, 100}}, b{{2, 0, 50}}, c{{3, 0, 80}};
  EXPECT_EQ(sgl.send(a), 0u);                          // all trees empty: the first
  EXPECT_EQ(sgl.send(b), 1u);                          // trees 100, 0, 0
  EXPECT_EQ(sgl.send(c), 2u);                          // trees 100, 50, 0
  EXPECT_EQ(sgl.send({{1, 0, 100}, {4, 0, 20}}), 0u);  // rate 100 / 120 > 0.3
  EXPECT_EQ(sgl.send({{2, 0, 10}, {5, 0, 90}}), 1u);   // rate 0.1; trees 120, 50, 80
  EXPECT_EQ(sgl.send(c), 2u);                          // rate 1; loads are 2, 2, 1 before
  EXPECT_EQ(sgl.send(a), 0u);                          // loads 2, 2, 2
  EXPECT_EQ(sgl.send(a), 0u);                          // loads 3, 2, 2
  EXPECT_EQ(sgl.send(a), 0u);                          // loads 4, 2, 2: 2 is not over 2
  EXPECT_EQ(sgl.send(a), 1u);                          // loads 5, 2, 2: 3 > 2 and 5 > 3: least loaded
  EXPECT_EQ(sgl.send(a), 2u);                          // loads 5, 3, 2
  EXPECT_EQ(sgl.send(a), 2u);                          // loads 5, 3, 3: the latest that was sent a
}

TEST(SglangCacheAware, LoadsMayDifferByAFactorOfTheLeast) {
  // 10, 7: the difference 3 is over 2, but 10 is not over 1.5 x 7.
  RouterCase sgl(plain_endpoints(2));
  sgl.use<sim::SglangCacheAwareRouter>(std::uint64_t{1}, sglang());
  const EndpointIds all = sgl.candidates;
  for (int i = 0; i < 17; ++i) {
    sgl.candidates = {i < 10 ? 0u : 1u};
    sgl.send({{i < 10 ? 1u : 2u, 0, 100}});
  }
  sgl.candidates = all;
  EXPECT_EQ(sgl.send({{1, 0, 100}}), 0u);
}

TEST(SglangCacheAware, ForgetsAtTheInterval) {
  // 400 characters at most: 100 tokens of the 160, from the first minute on.
  RouterCase sgl(plain_endpoints(1));
  sgl.use<sim::SglangCacheAwareRouter>(std::uint64_t{1}, sglang(400));
  sgl.send({{1, 0, 80}});
  sgl.send({{2, 0, 80}});
  sgl.now = from_seconds(59);
  EXPECT_EQ(sgl.decide({{1, 0, 80}}).predicted_hit_tokens, 80u);
  sgl.now = from_seconds(60);
  EXPECT_EQ(sgl.decide({{2, 0, 80}}).predicted_hit_tokens, 0u);  // 1 was used later than 2
}

TEST(SglangCacheAware, KeepsNothingThatItMustNotKeep) {
  RouterCase sgl(plain_endpoints(2));
  sgl.use<sim::SglangCacheAwareRouter>(std::uint64_t{1}, sglang());
  sim::RouteRequest request;
  request.may_index = false;
  sgl.send({{1, 0, 100}}, request);
  EXPECT_EQ(sgl.decide({{1, 0, 100}}).predicted_hit_tokens, 0u);
}

TEST(SglangCacheAware, DisaggregatedPrefillsByCacheAndDecodesByLoad) {
  RouterCase sgl(prefill_and_decode(2, 2));
  sgl.use<sim::SglangCacheAwareRouter>(std::uint64_t{1}, sglang());
  sgl.send({{1, 0, 100}});
  sgl.send({{1, 0, 100}});
  EXPECT_EQ(sgl.tickets[0].prefill, sgl.tickets[1].prefill);
  EXPECT_NE(sgl.tickets[0].decode, sgl.tickets[1].decode);  // both are compared
}

}  // namespace
}  // namespace kvsim
