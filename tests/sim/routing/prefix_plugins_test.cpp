// SPDX-License-Identifier: Apache-2.0
// Plugins that produce or read prefix matches.
#include <gmock/gmock.h>

#include "sim/routing/burst_prefix_producer.h"
#include "sim/routing/p2p_source_producer.h"
#include "sim/routing/prefill_deciders.h"
#include "tests/sim/routing/plugin_bench.h"

namespace kvsim::sim {
namespace {

using testing::Each;
using testing::ElementsAre;

// 256 tokens are 4 blocks of 64: matches of 3, 1 and 0 blocks.
TEST(PrefixScorer, IsTheMatchedShareOfThePrompt) {
  PluginBench bench(3, {approximate_index(), prefix_scorer()});
  bench.has_prefix(0, 192);
  bench.has_prefix(1, 64);
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(0.75, 0.25, 0));
}

// w = 0.5, S = 128: 192 tokens: 0.5 * 0.75 + 0.5 * 1; 64 tokens: 0.5 * 0.25 + 0.5 * (64/128)^2 = 0.25.
TEST(PrefixScorer, LongMatchesMayCountMore) {
  PluginBench bench(3, {approximate_index(), prefix_scorer(0.5, 128)});
  bench.has_prefix(0, 192);
  bench.has_prefix(1, 64);
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(0.875, 0.25, 0));
}

TEST(PrefixScorer, WithoutAProducerNothingMatches) {
  PluginBench bench(2, {prefix_scorer()});
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(0, 0));
}

TEST(ApproximateProducer, PromptsThatMayNotBeIndexedAreNeitherKeptNorFound) {
  PluginBench bench(2, {approximate_index(), prefix_scorer()});
  bench.request.may_index = false;
  bench.dispatched(0);
  bench.request.may_index = true;
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(0, 0));
  bench.dispatched(0);
  bench.request.may_index = false;
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(0, 0));
  bench.request.may_index = true;
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(1, 0));
}

TEST(ApproximateProducer, InsertsWhereTheRequestIsPrefilledToo) {
  PluginBench bench(3, {approximate_index(), prefix_scorer()});
  bench.produce();
  bench.dispatched(0, 2);
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(1, 0, 1));
}

// autoTune: the engine's 128-token blocks cut 256 tokens into 2, and its 1 block of memory is all that the
// endpoint is believed to keep, the last one: the tree's first block is held by nobody, so nothing matches.
TEST(ApproximateProducer, TunesBlocksAndCapacityToTheEngine) {
  PluginSettings tuned = approximate_index();
  tuned.parameters.numbers["autoTune"] = 1;
  PluginBench bench(1, {tuned});
  bench.endpoints[0].block_tokens = 128;
  bench.endpoints[0].kv_blocks = 1;
  bench.produce();
  bench.dispatched(0);
  bench.produce();
  const PrefixMatches& matches = bench.plugins().find<PrefixProducer>("")->matches();
  EXPECT_EQ(matches.block_tokens, 128U);
  EXPECT_EQ(matches.prompt_blocks, 2U);
  EXPECT_EQ(matches.blocks[0], 0U);
}

// At most 128 tokens are looked at: 2 blocks of 64; then at most 1 block.
TEST(ApproximateProducer, LooksAtTheBeginningOnly) {
  PluginSettings capped = approximate_index();
  capped.parameters.numbers["maxPrefixTokensToMatch"] = 128;
  PluginSettings tighter = named("tighter", capped);
  tighter.parameters.numbers["maxPrefixBlocksToMatch"] = 1;
  PluginBench bench(1, {capped, tighter});
  bench.produce();
  EXPECT_EQ(bench.plugins().find<PrefixProducer>("")->matches().prompt_blocks, 2U);
  EXPECT_EQ(bench.plugins().find<PrefixProducer>("tighter")->matches().prompt_blocks, 1U);
}

CacheEvent stored(const PluginBench& bench, std::uint64_t blocks, std::uint32_t block_tokens = 16) {
  CacheEvent event;
  event.block_tokens = block_tokens;
  event.path = std::make_shared<const std::vector<traces::Piece>>(bench.prompt);
  event.end = blocks;
  return event;
}

// 4 of 16 blocks of 16 tokens.
TEST(PreciseProducer, BelievesTheEngines) {
  PluginBench bench(2, {precise_index(0), prefix_scorer()});
  EXPECT_TRUE(bench.plugins().find<PrefixProducer>("")->needs().cache_events);
  bench.dispatched(0);
  bench.plugins().find<PrefixProducer>("")->cache_event(1, stored(bench, 4), 0);
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(0, 0.25));
}

TEST(PreciseProducer, EventsOfOtherBlocksAreOfNoUse) {
  PluginBench bench(2, {precise_index(0), prefix_scorer()});
  bench.plugins().find<PrefixProducer>("")->cache_event(1, stored(bench, 4, 32), 0);
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(0, 0));
}

TEST(PreciseProducer, SpeculatesForTwoSeconds) {
  PluginBench bench(2, {precise_index(1), prefix_scorer()});
  bench.dispatched(0);
  bench.now = from_seconds(1.9);
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(1, 0));
  bench.now = from_seconds(2.1);
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(0, 0));
}

PluginSettings burst(double per_replica, double batch) {
  return plugin("burst-prefix-cache-producer",
                {{"windowDurationMs", 100},
                 {"maxPerReplica", per_replica},
                 {"blockSizeTokens", 64},
                 {"maxPrefixTokensToMatch", 131072},
                 {"minColocateBlocks", 2},
                 {"maxBatchSize", batch}},
                {{"balanceBy", "requests"}});
}

TEST(BurstProducer, MatchesWithinItsWindowOnly) {
  PluginBench bench(2, {burst(0, 0), prefix_scorer()});
  bench.produce();
  bench.dispatched(1);
  bench.now = from_seconds(0.099);
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(0, 1));
  bench.now = from_seconds(0.1);
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(0, 0));
}

// One shared block of 64 is less than minColocateBlocks; 3 of 4 are enough.
TEST(BurstProducer, ShortBeginningsDoNotBind) {
  PluginBench bench(2, {burst(0, 0), prefix_scorer()});
  bench.produce();
  bench.dispatched(1);
  bench.prompt = {{1, 0, 64}, {2, 0, 192}};
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(0, 0));
  bench.prompt = {{1, 0, 192}, {2, 0, 64}};
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(0, 0.75));
}

TEST(BurstProducer, AFullReplicaMatchesNoMore) {
  PluginBench bench(2, {burst(2, 0), prefix_scorer()});
  for (int i = 0; i < 2; ++i) {
    bench.produce();
    bench.dispatched(1);
  }
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(0, 0));
}

// Two groups of one beginning, at 1 (two requests) and at 0 (one): the next goes to 0.
TEST(BurstProducer, OfEqualMatchesTheOneWithFewerRequestsCounts) {
  PluginBench bench(2, {burst(0, 0), prefix_scorer()});
  for (const EndpointId endpoint : {1, 1, 0}) {
    bench.produce();
    bench.dispatched(endpoint);
  }
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(1, 0));
}

TEST(BurstProducer, AFullBatchEndsTheWindow) {
  PluginBench bench(2, {burst(0, 2), prefix_scorer()});
  bench.produce();
  bench.dispatched(1);
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(0, 1));
  EXPECT_THAT(bench.scores("prefix-cache-scorer"), ElementsAre(0, 0));
}

PluginSettings peers(double delta) {
  return plugin("p2p-source-producer", {{"minCachedTokenDelta", delta}},
                {{"prefixMatchInfoProducerName", ""}});
}

// 4, 3 and 1 blocks, sent to an endpoint with none: 0 and 1 are within a block of the longest. They are drawn
// 1 : 1/(1+1), that is 2/3 and 1/3; of 3000 draws 2000 with deviation sqrt(3000 * 2/9) = 26.
TEST(P2pSource, DrawsAmongTheLongestByTheirQueues) {
  PluginBench bench(4, {approximate_index(), peers(1)});
  bench.has_prefix(0, 256);
  bench.has_prefix(1, 192);
  bench.has_prefix(2, 64);
  bench.waiting(1, 1);
  auto* source = bench.plugins().find<P2pSourceProducer>("");
  bench.request.may_index = true;
  int first = 0;
  for (int i = 0; i < 3000; ++i) {
    bench.produce();
    Ticket ticket;
    ticket.decode = 3;
    source->dispatched(bench.call(), ticket);
    ASSERT_TRUE(source->source() == 0U || source->source() == 1U);
    first += source->source() == 0U ? 1 : 0;
  }
  EXPECT_NEAR(first, 2000, 4 * 26);
}

// Endpoint 0 leads endpoint 1 by 64 tokens.
TEST(P2pSource, NamesNoneThatLeadsByTooLittle) {
  for (const double delta : {64.0, 65.0}) {
    PluginBench bench(2, {approximate_index(), peers(delta)});
    bench.has_prefix(0, 256);
    bench.has_prefix(1, 192);
    bench.produce();
    bench.dispatched(1);
    EXPECT_EQ(bench.plugins().find<P2pSourceProducer>("")->source().has_value(), delta == 64);
  }
}

PluginSettings prefix_decider(double uncached, double prompt) {
  return plugin("prefix-based-pd-decider", {{"nonCachedTokens", uncached}, {"promptTokens", prompt}},
                {{"prefixMatchInfoProducerName", ""}});
}

// A prompt of 256 with 128 cached where it decodes: 128 uncached.
TEST(PrefixDecider, SplitsPromptsWithEnoughUncachedTokens) {
  const auto splits = [](double uncached, double prompt) {
    PluginBench bench(2, {approximate_index(), prefix_decider(uncached, prompt)});
    bench.has_prefix(0, 128);
    bench.produce();
    bench.decode = 0;
    return bench.plugins().find<PrefillDecider>("prefix-based-pd-decider")->disaggregates(bench.call());
  };
  EXPECT_TRUE(splits(128, 0));
  EXPECT_FALSE(splits(129, 0));
  EXPECT_TRUE(splits(128, 256));
  EXPECT_FALSE(splits(128, 257));
  EXPECT_FALSE(splits(0, 0));
}

}  // namespace
}  // namespace kvsim::sim
