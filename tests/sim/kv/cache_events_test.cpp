// SPDX-License-Identifier: Apache-2.0
// What does a prefix cache tell its listener? Blocks of 4 tokens; a content is one stream of its own.
#include <gtest/gtest.h>

#include "sim/kv/prefix_cache.h"

namespace kvsim::sim {
namespace {

constexpr CacheEventKind kStored = CacheEventKind::kStored, kRemoved = CacheEventKind::kRemoved;

class Told final : public CacheListener {
 public:
  std::vector<CacheEvent> events;
  void on_cache_event(CacheEvent event) override { events.push_back(std::move(event)); }
};

void expect_event(const CacheEvent& event, CacheEventKind kind, std::uint64_t begin, std::uint64_t end) {
  EXPECT_EQ(event.kind, kind);
  EXPECT_EQ(event.tier, CacheTier::kGpu);
  EXPECT_EQ(event.block_tokens, 4u);
  EXPECT_EQ(event.begin, begin);
  EXPECT_EQ(event.end, end);
}

struct CacheEvents : testing::Test {
  Told told;
  PrefixCache cache{{.blocks = 8, .block_tokens = 4}, &told};

  void compute(BlockHolder& holder, std::uint64_t salt, const std::vector<Piece>& content,
               std::uint64_t blocks) {
    cache.allocate(holder, blocks - holder.blocks());
    cache.register_full(holder, salt, content, blocks);
  }
};

TEST_F(CacheEvents, NewBlocksAreToldOnceWithThePathToThem) {
  BlockHolder holder;
  const std::vector<Piece> content{{7, 0, 20}};
  compute(holder, 3, content, 2);
  compute(holder, 3, content, 5);
  ASSERT_EQ(told.events.size(), 2u);
  expect_event(told.events[0], kStored, 0, 2);
  expect_event(told.events[1], kStored, 2, 5);
  EXPECT_EQ(told.events[1].salt, 3u);
  EXPECT_EQ(*told.events[1].path, content);
  cache.release(holder);
  EXPECT_EQ(told.events.size(), 2u);  // released blocks stay cached
}

// Two sequences share blocks 0 and 1; the first goes on to 3, the second to 4. Both are released, the second
// last: the free list is two blocks that were never used, block 2 of the first, then 4 3 2 of the second and
// the shared 1 0. All eight are taken, one by one: block 2 is told with its path, then 4 to 0 as one, though
// they lie in two nodes.
TEST_F(CacheEvents, NeighboursThatLeaveOneAfterTheOtherAreToldAsOne) {
  const std::vector<Piece> first{{1, 0, 8}, {2, 0, 4}}, second{{1, 0, 8}, {3, 0, 12}};
  BlockHolder a, b, c;
  compute(a, 0, first, 3);
  cache.take(b, 0, second, 2);
  compute(b, 0, second, 5);
  cache.release(a);
  cache.release(b);
  told.events.clear();
  for (int i = 0; i < 8; ++i) cache.allocate(c, 1);
  cache.flush_events();
  ASSERT_EQ(told.events.size(), 2u);
  expect_event(told.events[0], kRemoved, 2, 3);
  EXPECT_EQ(*told.events[0].path, first);
  expect_event(told.events[1], kRemoved, 0, 5);
  EXPECT_EQ(*told.events[1].path, second);
  cache.release(c);
}

TEST_F(CacheEvents, ARemovalThatIsHeldBackIsToldBeforeWhatComesAfterIt) {
  BlockHolder a, b;
  compute(a, 0, {{1, 0, 32}}, 8);
  cache.release(a);
  told.events.clear();
  compute(b, 0, {{2, 0, 8}}, 2);
  ASSERT_EQ(told.events.size(), 2u);
  expect_event(told.events[0], kRemoved, 6, 8);
  expect_event(told.events[1], kStored, 0, 2);
  cache.release(b);
}

// Two requests compute the same block at once. When the pool needs one of the copies, the removal is told, as
// vLLM does, though the other copy can still be hit.
TEST_F(CacheEvents, EachCopyOfABlockIsTold) {
  BlockHolder a, b, c;
  const std::vector<Piece> content{{1, 0, 4}};
  cache.allocate(a, 1);
  cache.allocate(b, 1);
  cache.register_full(a, 0, content, 1);
  cache.register_full(b, 0, content, 1);
  cache.release(b);
  cache.allocate(c, 7);
  cache.flush_events();
  ASSERT_EQ(told.events.size(), 3u);
  expect_event(told.events[1], kStored, 0, 1);
  expect_event(told.events[2], kRemoved, 0, 1);
  EXPECT_EQ(cache.match(0, content, 1).blocks, 1u);
  cache.release(a);
  cache.release(c);
}

TEST_F(CacheEvents, NothingIsToldWherePrefixCachingIsOff) {
  PrefixCache off{{.blocks = 8, .block_tokens = 4, .enabled = false}, &told};
  BlockHolder holder;
  off.allocate(holder, 8);
  off.register_full(holder, 0, {{1, 0, 32}}, 8);
  off.release(holder);
  off.allocate(holder, 8);
  off.flush_events();
  EXPECT_TRUE(told.events.empty());
  off.release(holder);
}

}  // namespace
}  // namespace kvsim::sim
