// SPDX-License-Identifier: Apache-2.0
// Picks of rival routers that know caches, worked by hand; what they know is what they sent (approximate).
// Prefill: 10 ms + 10 us x tokens; a decode step 10 ms + 0.1 ms x sequences. Blocks of 16 tokens.
#include <gtest/gtest.h>

#include "sim/routing/dynamo_kv.h"
#include "sim/routing/lmetric.h"
#include "sim/routing/mooncake_conductor.h"
#include "tests/sim/routing/router_case.h"

namespace kvsim {
namespace {

using sim::EndpointId;
using sim::EndpointIds;
using testing::plain_endpoints;
using testing::prefill_and_decode;
using testing::RouterCase;
using Prompt = std::vector<traces::Piece>;

constexpr Nanoseconds kMs = 1'000'000;
const Prompt kTenBlocks{{1, 0, 160}};

sim::Parameters with(std::map<std::string, double> numbers) {
  numbers.insert({{"block_tokens", 16}, {"approximate", 1}});
  return {std::move(numbers), {}, {}};
}

EndpointId send_to(RouterCase& router, EndpointIds candidates, const Prompt& prompt) {
  std::swap(router.candidates, candidates);
  const EndpointId pick = router.send(prompt);
  std::swap(router.candidates, candidates);
  return pick;
}

// --- lmetric ---

TEST(Lmetric, CostIsUncachedTokensTimesLoad) {
  RouterCase lmetric(plain_endpoints(2));
  lmetric.use<sim::LmetricRouter>(std::uint64_t{1}, with({}));
  send_to(lmetric, {0}, kTenBlocks);
  // 0: all cached but the last token: 1 x (1 + 1) = 2. 1: 160 x 1.
  EXPECT_EQ(lmetric.send(kTenBlocks), 0u);
  EXPECT_EQ(lmetric.explanation.profiles.at(0).totals, (std::vector<double>{-2, -160}));
  // Of 48 tokens 16 are shared: 0: 32 x 3 = 96. 1: 48 x 1.
  EXPECT_EQ(lmetric.send({{1, 0, 16}, {2, 0, 32}}), 1u);
  EXPECT_EQ(lmetric.explanation.profiles.at(0).totals, (std::vector<double>{-96, -48}));
}

TEST(Lmetric, DrawsAmongEquals) {
  RouterCase lmetric(plain_endpoints(2));
  lmetric.use<sim::LmetricRouter>(std::uint64_t{1}, with({}));
  std::map<EndpointId, int> picks;
  for (std::uint64_t i = 0; i < 1000; ++i) ++picks[lmetric.decide({{10 + i, 0, 32}}).ticket.decode];
  EXPECT_NEAR(picks[0], 500, 80);  // 5 standard deviations of 16
}

// --- Dynamo ---

sim::Parameters dynamo(std::map<std::string, double> numbers = {}) {
  numbers.insert(
      {{"overlap_weight", 1}, {"prefill_load_scale", 1}, {"temperature", 0}, {"track_output_blocks", 0}});
  return with(std::move(numbers));
}

TEST(DynamoKv, CostIsPrefillAndDecodeBlocks) {
  RouterCase dyn(plain_endpoints(2));
  dyn.use<sim::DynamoKvRouter>(std::uint64_t{1}, dynamo());
  send_to(dyn, {0}, kTenBlocks);
  dyn.decide(kTenBlocks);
  // 0: prefill 10 active + 10 - 10 overlap = 10, decode 10 active + 10. 1: prefill 10, decode 10.
  EXPECT_EQ(dyn.explanation.profiles.at(0).totals, (std::vector<double>{-30, -20}));
}

TEST(DynamoKv, PrefillIsChargedUntilTheFirstTokenAndBlocksUntilTheEnd) {
  const auto totals = [](int told) {
    RouterCase dyn(plain_endpoints(2));
    dyn.use<sim::DynamoKvRouter>(std::uint64_t{1}, dynamo());
    send_to(dyn, {0}, kTenBlocks);
    if (told > 0) dyn.router->first_token(dyn.tickets[0], 0);
    if (told > 1) dyn.router->ended(dyn.tickets[0], 0);
    dyn.decide(kTenBlocks);
    return dyn.explanation.profiles.at(0).totals;
  };
  EXPECT_EQ(totals(1), (std::vector<double>{-20, -20}));  // 0: 0 + 20
  EXPECT_EQ(totals(2), (std::vector<double>{-10, -20}));  // 0: 0 + 10
}

TEST(DynamoKv, WeightsMultiplyThePrefillTerm) {
  RouterCase dyn(plain_endpoints(1));
  dyn.use<sim::DynamoKvRouter>(std::uint64_t{1},
                               dynamo({{"overlap_weight", 2}, {"prefill_load_scale", 1.5}}));
  dyn.decide({{1, 0, 40}});
  // 40 tokens: 2.5 blocks of prefill, 3 of decode: 3 x 2.5 + 3.
  EXPECT_EQ(dyn.explanation.profiles.at(0).totals, (std::vector<double>{-10.5}));
}

TEST(DynamoKv, OutputBlocksCountWhereTracked) {
  RouterCase dyn(plain_endpoints(1));
  dyn.use<sim::DynamoKvRouter>(std::uint64_t{1}, dynamo({{"track_output_blocks", 1}}));
  sim::RouteRequest request;
  request.max_output_tokens = 100;
  EXPECT_EQ(dyn.decide(kTenBlocks, request).ticket.blocks, 17u);  // 260 / 16 = 16.25
}

TEST(DynamoKv, TemperatureDrawsBySoftmax) {
  // Costs 10 and 20: shares 1 and exp(-1 / 0.5) = 0.1353, probabilities 0.8808 and 0.1192.
  int first = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    RouterCase dyn(plain_endpoints(2));
    dyn.use<sim::DynamoKvRouter>(seed, dynamo({{"temperature", 0.5}}));
    send_to(dyn, {0}, kTenBlocks);
    dyn.router->first_token(dyn.tickets[0], 0);
    dyn.router->ended(dyn.tickets[0], 0);
    first += dyn.send(kTenBlocks) == 0;
  }
  EXPECT_NEAR(first, 1762, 73);  // 5 standard deviations
}

TEST(DynamoKv, DisaggregatedPrefillsByOverlapAndDecodesWithoutIt) {
  RouterCase dyn(prefill_and_decode(2, 2));
  dyn.use<sim::DynamoKvRouter>(std::uint64_t{1}, dynamo());
  dyn.send(kTenBlocks);
  dyn.router->prefill_ended(dyn.tickets[0], 0);
  dyn.router->first_token(dyn.tickets[0], 0);
  dyn.send(kTenBlocks);
  EXPECT_EQ(dyn.tickets[1].prefill, dyn.tickets[0].prefill);  // 0 against 10 blocks
  EXPECT_NE(dyn.tickets[1].decode, dyn.tickets[0].decode);    // 20 against 10 blocks
  EXPECT_EQ(dyn.tickets[1].prefill_uncached_tokens, 1u);
  EXPECT_EQ(dyn.tickets[1].uncached_tokens, 0u);
}

TEST(DynamoKv, GoldenPicks) {
  RouterCase dyn(plain_endpoints(3));
  dyn.use<sim::DynamoKvRouter>(std::uint64_t{1}, dynamo());
  const Prompt long_one{{2, 0, 800}}, short_one{{3, 0, 32}};
  send_to(dyn, {0}, kTenBlocks);
  send_to(dyn, {1}, long_one);
  send_to(dyn, {2}, short_one);
  // Active (prefill, decode) blocks: (10, 10), (50, 50), (2, 2).
  EXPECT_EQ(dyn.send(kTenBlocks), 2u);  // 10 + 20 = 30; 60 + 60; 12 + 12 = 24
  // (10, 10), (50, 50), (12, 12).
  EXPECT_EQ(dyn.send(short_one), 0u);  // 12 + 12 = 24; 52 + 52; 12 + 14 = 26
  // (12, 12), (50, 50), (12, 12).
  for (int i = 0; i < 3; ++i) dyn.router->first_token(dyn.tickets[i], 0);
  // (2, 12), (0, 50), (10, 12).
  EXPECT_EQ(dyn.send(kTenBlocks), 0u);  // 2 + 22 = 24; 10 + 60; 10 + 22 = 32
  EXPECT_EQ(dyn.send(long_one), 1u);    // 52 + 72 = 124; 0 + 100; 60 + 62 = 122
}

// --- Mooncake ---

sim::Parameters mooncake(std::map<std::string, double> numbers = {}) {
  numbers.insert({{"balancing_threshold", 2},
                  {"transfer_bytes_per_second", 0},
                  {"kv_bytes_per_token", 0},
                  {"ttft_limit", 0},
                  {"tpot_limit", 0}});
  return with(std::move(numbers));
}

// Totals of the first profile are - TTFT; in whole microseconds.
std::vector<long> ttft_us(const RouterCase& router) {
  std::vector<long> all;
  for (const double total : router.explanation.profiles.at(0).totals)
    all.push_back(std::lround(-1e6 * total));
  return all;
}

TEST(MooncakeConductor, QueuesBuildUpAndDrain) {
  RouterCase moon(plain_endpoints(2));
  moon.use<sim::MooncakeConductorRouter>(std::uint64_t{1}, mooncake());
  send_to(moon, {0}, {{1, 0, 1000}});  // 20 ms
  EXPECT_EQ(moon.send({{2, 0, 2000}}), 1u);
  EXPECT_EQ(ttft_us(moon), (std::vector<long>{20'000 + 30'000, 30'000}));
  moon.now = 5 * kMs;
  EXPECT_EQ(moon.send({{3, 0, 500}}), 0u);
  EXPECT_EQ(ttft_us(moon), (std::vector<long>{15'000 + 15'000, 25'000 + 15'000}));
  moon.now = 22 * kMs;  // the first is 2 ms late, and the head no less than done
  moon.decide({{4, 0, 1000}});
  EXPECT_EQ(ttft_us(moon), (std::vector<long>{15'000 + 20'000, 8'000 + 20'000}));
  moon.router->first_token(moon.tickets[0], moon.now);
  moon.now = 23 * kMs;
  moon.decide({{5, 0, 1000}});
  EXPECT_EQ(ttft_us(moon), (std::vector<long>{14'000 + 20'000, 7'000 + 20'000}));
}

TEST(MooncakeConductor, ACachedPrefixCostsNoPrefill) {
  RouterCase moon(plain_endpoints(2));
  moon.use<sim::MooncakeConductorRouter>(std::uint64_t{1}, mooncake());
  send_to(moon, {0}, {{1, 0, 1600}});
  moon.router->first_token(moon.tickets[0], 0);
  EXPECT_EQ(moon.send({{1, 0, 1600}, {2, 0, 100}}), 0u);
  EXPECT_EQ(ttft_us(moon), (std::vector<long>{11'000, 27'000}));
}

TEST(MooncakeConductor, CountsOnATransferWhereTheBestPrefixIsMuchLonger) {
  // 1 ns a byte, 1000 bytes a token: 1 us a token, a tenth of computing it. 1 has nothing of 1600.
  RouterCase moon(plain_endpoints(2));
  moon.use<sim::MooncakeConductorRouter>(
      std::uint64_t{1}, mooncake({{"transfer_bytes_per_second", 1e9}, {"kv_bytes_per_token", 1000}}));
  send_to(moon, {0}, {{1, 0, 1600}});  // and 26 ms of queue
  EXPECT_EQ(moon.send({{1, 0, 1600}, {2, 0, 100}}), 1u);
  EXPECT_EQ(ttft_us(moon), (std::vector<long>{26'000 + 11'000, 1'600 + 11'000}));
  EXPECT_EQ(moon.tickets[1].uncached_tokens, 100u);
}

TEST(MooncakeConductor, ShedsWhatWouldMissItsTtft) {
  RouterCase moon(plain_endpoints(1));
  moon.use<sim::MooncakeConductorRouter>(std::uint64_t{1}, mooncake({{"ttft_limit", 0.04}}));
  EXPECT_EQ(moon.decide({{1, 0, 3000}}).refusal, sim::Refusal::kNone);  // 40 ms
  EXPECT_EQ(moon.decide({{2, 0, 3010}}).refusal, sim::Refusal::kShed);
  sim::RouteRequest strict;
  strict.ttft_limit_seconds = 0.02;
  moon.use<sim::MooncakeConductorRouter>(std::uint64_t{1}, mooncake());
  EXPECT_EQ(moon.decide({{3, 0, 1010}}, strict).refusal, sim::Refusal::kShed);
}

TEST(MooncakeConductor, ShedsByTheDecodesThatWillBeThereWhenThePrefillEnds) {
  // A step of n lasts 10 + 0.1 n ms; at most 10.25 ms: two sequences.
  RouterCase moon(prefill_and_decode(1, 1));
  moon.use<sim::MooncakeConductorRouter>(std::uint64_t{1}, mooncake({{"tpot_limit", 0.01025}}));
  for (int i = 0; i < 2; ++i) moon.send(100);
  EXPECT_EQ(moon.decide({{9, 0, 100}}).refusal, sim::Refusal::kShed);
  for (int i = 0; i < 2; ++i) moon.router->first_token(moon.tickets[i], 0);
  moon.now = 30 * kMs;
  moon.router->ended(moon.tickets[0], moon.now);  // decodes last 30 ms on the mean
  EXPECT_EQ(moon.send(100), 1u);                  // the other one will be over when its prefill ends
  EXPECT_EQ(moon.decide({{8, 0, 100}}).refusal, sim::Refusal::kNone);
}

TEST(MooncakeConductor, DecodesWhereAStepIsShortest) {
  RouterCase moon(prefill_and_decode(1, 2));
  moon.use<sim::MooncakeConductorRouter>(std::uint64_t{1}, mooncake());
  moon.send(100);
  moon.send(100);
  EXPECT_NE(moon.tickets[0].decode, moon.tickets[1].decode);
  EXPECT_EQ(moon.tickets[0].prefill, 0u);
}

}  // namespace
}  // namespace kvsim
