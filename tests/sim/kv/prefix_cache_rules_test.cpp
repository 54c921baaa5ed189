// SPDX-License-Identifier: Apache-2.0
// The rules of vLLM's block pool on cases small enough to work out by hand.
#include <gtest/gtest.h>

#include <stdexcept>

#include "sim/kv/prefix_cache.h"

namespace kvsim::sim {
namespace {

constexpr std::uint32_t kBlock = 4;

std::vector<Piece> blocks_of(std::uint64_t stream, std::uint32_t blocks) {
  return {{stream, 0, blocks * kBlock}};
}

// Computes all of `content` as one request: what is not hit is allocated and, where whole, registered.
std::uint64_t compute(PrefixCache& cache, BlockHolder& holder, const std::vector<Piece>& content,
                      std::uint64_t salt = 0) {
  const std::uint64_t tokens = traces::total_tokens(content);
  const std::uint64_t hit = cache.match(salt, content, (tokens - 1) / kBlock).blocks;
  cache.take(holder, salt, content, hit);
  cache.allocate(holder, (tokens + kBlock - 1) / kBlock - hit);
  cache.register_full(holder, salt, content, tokens / kBlock);
  return hit;
}

void compute_and_release(PrefixCache& cache, const std::vector<Piece>& content) {
  BlockHolder holder;
  compute(cache, holder, content);
  cache.release(holder);
}

std::uint64_t cached(const PrefixCache& cache, const std::vector<Piece>& content, std::uint64_t salt = 0) {
  return cache.match(salt, content, 1000).blocks;
}

TEST(PrefixCacheRules, EvictsTheTailBeforeTheHead) {
  PrefixCache cache({.blocks = 4, .block_tokens = kBlock});
  compute_and_release(cache, blocks_of(1, 4));
  EXPECT_EQ(cached(cache, blocks_of(1, 4)), 4u);
  BlockHolder other;
  for (std::uint64_t left : {3, 2, 1, 0}) {
    cache.allocate(other, 1);
    EXPECT_EQ(cached(cache, blocks_of(1, 4)), left);
  }
  EXPECT_EQ(cache.counters().evicted_blocks, 4u);
  cache.release(other);
}

TEST(PrefixCacheRules, EvictsTheRequestReleasedFirst) {
  PrefixCache cache({.blocks = 6, .block_tokens = kBlock});
  compute_and_release(cache, blocks_of(1, 3));
  compute_and_release(cache, blocks_of(2, 3));
  compute_and_release(cache, blocks_of(1, 3));  // hits 2, computes the third again in place of its first copy
  BlockHolder other;
  cache.allocate(other, 3);
  EXPECT_EQ(cached(cache, blocks_of(1, 3)), 3u);
  EXPECT_EQ(cached(cache, blocks_of(2, 3)), 0u);
  cache.release(other);
}

// 3 whole blocks: hit = min(3, floor((12 - 1) / 4)) = 2; the third block is computed again, a second copy.
TEST(PrefixCacheRules, RecomputesTheLastBlockOfAFullHit) {
  PrefixCache cache({.blocks = 8, .block_tokens = kBlock});
  compute_and_release(cache, blocks_of(1, 3));
  BlockHolder again;
  EXPECT_EQ(compute(cache, again, blocks_of(1, 3)), 2u);
  EXPECT_EQ(cache.cached_blocks(), 4u);
  EXPECT_EQ(cache.counters().registered_blocks, 4u);
  cache.release(again);
}

TEST(PrefixCacheRules, GivesEachOfTwoConcurrentRequestsItsOwnCopy) {
  PrefixCache cache({.blocks = 8, .block_tokens = kBlock});
  BlockHolder first, second;
  cache.allocate(first, 2);
  cache.allocate(second, 2);
  cache.register_full(first, 0, blocks_of(1, 2), 2);
  cache.register_full(second, 0, blocks_of(1, 2), 2);
  EXPECT_EQ(cache.cached_blocks(), 4u);
  cache.release(second);
  EXPECT_EQ(cache.match(0, blocks_of(1, 2), 2).free_blocks,
            0u);  // the oldest copy is the first one's, still held
  cache.release(first);
  BlockHolder other;
  cache.allocate(other, 6);  // 4 never used, then the second's copy
  EXPECT_EQ(cached(cache, blocks_of(1, 2)), 2u);
  cache.release(other);
}

TEST(PrefixCacheRules, KeepsASharedPrefixUntilItsLastHolderLeaves) {
  PrefixCache cache({.blocks = 4, .block_tokens = kBlock});
  BlockHolder first, second;
  compute(cache, first, {{1, 0, 2 * kBlock}, {2, 0, kBlock}});
  EXPECT_EQ(compute(cache, second, {{1, 0, 2 * kBlock}, {3, 0, kBlock}}), 2u);
  EXPECT_EQ(cache.free_blocks(), 0u);
  cache.release(first);
  EXPECT_EQ(cache.free_blocks(), 1u);
  cache.release(second);
  EXPECT_EQ(cache.free_blocks(), 4u);
}

TEST(PrefixCacheRules, CountsHitBlocksWithoutHolderAsLeavingTheFreeList) {
  PrefixCache cache({.blocks = 8, .block_tokens = kBlock});
  compute_and_release(cache, blocks_of(1, 3));
  BlockHolder holder;
  cache.take(holder, 0, blocks_of(1, 3), 1);
  const PrefixMatch match = cache.match(0, blocks_of(1, 3), 3);
  EXPECT_EQ(match.blocks, 3u);
  EXPECT_EQ(match.free_blocks, 2u);
  EXPECT_EQ(cache.free_blocks(), 7u);
  cache.release(holder);
}

// Of 4 blocks, request 9 leaves [9] and then request 1, of 2.5 blocks, an unhashed one u and its whole ones
// [1b] [1a]. Free list: u [9] [1b] [1a] where unhashed blocks go to the front, else [9] u [1b] [1a].
TEST(PrefixCacheRules, UsesUnhashedBlocksFirstOrInOrderByVersion) {
  for (const bool unhashed_first : {true, false}) {
    PrefixCache cache({.blocks = 4, .block_tokens = kBlock, .unhashed_blocks_first = unhashed_first});
    compute_and_release(cache, blocks_of(9, 1));
    compute_and_release(cache, {{1, 0, 2 * kBlock + 2}});
    BlockHolder other;
    cache.allocate(other, 1);
    EXPECT_EQ(cached(cache, blocks_of(9, 1)), unhashed_first ? 1u : 0u);
    cache.allocate(other, 1);
    EXPECT_EQ(cached(cache, blocks_of(9, 1)), 0u);
    cache.allocate(other, 1);
    EXPECT_EQ(cached(cache, blocks_of(1, 2)), 1u);
    cache.release(other);
  }
}

TEST(PrefixCacheRules, KeepsSaltsApart) {
  PrefixCache cache({.blocks = 8, .block_tokens = kBlock});
  BlockHolder first, second;
  compute(cache, first, blocks_of(1, 2), 7);
  EXPECT_EQ(cached(cache, blocks_of(1, 2), 8), 0u);
  EXPECT_EQ(compute(cache, second, blocks_of(1, 2), 8), 0u);
  EXPECT_EQ(cached(cache, blocks_of(1, 2), 7), 2u);
  EXPECT_EQ(cached(cache, blocks_of(1, 2), 8), 2u);
  cache.release(first);
  cache.release(second);
}

TEST(PrefixCacheRules, TakesContentByTokensWhateverItsPieces) {
  PrefixCache cache({.blocks = 8, .block_tokens = kBlock});
  compute_and_release(cache, {{1, 0, 8}, {2, 3, 4}});
  EXPECT_EQ(cached(cache, {{1, 0, 3}, {1, 3, 0}, {1, 3, 5}, {2, 3, 1}, {2, 4, 3}}), 3u);
  EXPECT_EQ(cached(cache, {{1, 0, 8}, {2, 4, 4}}), 2u);  // other positions of the stream
  EXPECT_EQ(cached(cache, {{1, 0, 7}}), 1u);
  EXPECT_EQ(cached(cache, {}), 0u);
}

TEST(PrefixCacheRules, RegistersAnAnswerThatGrowsInItsLastPiece) {
  PrefixCache cache({.blocks = 8, .block_tokens = kBlock});
  std::vector<Piece> content{{1, 0, 6}, {2, 0, 0}};
  BlockHolder holder;
  for (std::uint32_t answer = 0; answer <= 14; ++answer) {
    content.back().tokens = answer;
    cache.allocate(holder, (6 + answer + kBlock - 1) / kBlock - holder.blocks());
    cache.register_full(holder, 0, content, (6 + answer) / kBlock);
  }
  EXPECT_EQ(holder.registered, 5u);
  EXPECT_EQ(cached(cache, content), 5u);
  EXPECT_EQ(cache.index_size(), 1u);
  cache.release(holder);
}

TEST(PrefixCacheRules, SaysWhenAHolderMayYetLengthenAMatch) {
  PrefixCache cache({.blocks = 16, .block_tokens = kBlock});
  const std::vector<Piece> content = blocks_of(1, 4);
  const auto could_grow = [&] { return cache.match(0, content, 4).ends_at_held_tail; };
  EXPECT_FALSE(could_grow());
  BlockHolder holder;
  cache.allocate(holder, 4);
  EXPECT_TRUE(could_grow());  // nothing registered: it may compute anything
  cache.register_full(holder, 0, content, 2);
  EXPECT_TRUE(could_grow());
  cache.register_full(holder, 0, content, 4);
  EXPECT_FALSE(could_grow());                                                 // nothing left to match
  EXPECT_FALSE(cache.match(0, {{1, 0, 8}, {2, 0, 8}}, 4).ends_at_held_tail);  // its content goes on otherwise
  cache.release(holder);
  EXPECT_FALSE(could_grow());
}

TEST(PrefixCacheRules, RegistersNothingWhenDisabled) {
  PrefixCache cache({.blocks = 4, .block_tokens = kBlock, .enabled = false});
  BlockHolder holder;
  compute(cache, holder, blocks_of(1, 3));
  EXPECT_EQ(cache.cached_blocks(), 0u);
  EXPECT_EQ(cache.free_blocks(), 1u);
  EXPECT_EQ(cached(cache, blocks_of(1, 3)), 0u);
  cache.release(holder);
  EXPECT_EQ(cache.free_blocks(), cache.total_blocks());
}

TEST(PrefixCacheRules, ForgetsTheContentOfEvictedBlocks) {
  PrefixCache cache({.blocks = 10, .block_tokens = kBlock});
  for (std::uint64_t stream = 0; stream < 1000; ++stream) {
    compute_and_release(cache, blocks_of(stream + 100, 4));
    compute_and_release(cache, {{stream % 7, 0, kBlock}, {stream + 100, 0, 3 * kBlock}});
  }
  EXPECT_LE(cache.index_size(), 10u);
}

TEST(PrefixCacheRules, RefusesWhatItsContractForbids) {
  PrefixCache cache({.blocks = 4, .block_tokens = kBlock});
  BlockHolder holder;
  EXPECT_THROW(cache.allocate(holder, 5), std::logic_error);
  EXPECT_THROW(cache.take(holder, 0, blocks_of(1, 1), 1), std::logic_error);
  cache.allocate(holder, 2);
  EXPECT_THROW(cache.register_full(holder, 0, blocks_of(1, 3), 3), std::logic_error);
  EXPECT_THROW(cache.take(holder, 0, blocks_of(1, 1), 0), std::logic_error);
  cache.release(holder);
}

}  // namespace
}  // namespace kvsim::sim
