// SPDX-License-Identifier: Apache-2.0
// Does the store keep, serve and give up blocks by its rules? Blocks are 10 bytes, keys single digits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "base/errors.h"
#include "sim/kv/block_store.h"
#include "sim/kv/eviction_policies.h"

namespace kvsim::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Keys = std::vector<BlockKey>;

constexpr std::uint64_t kBytes = 10;

class Store {
 public:
  explicit Store(std::uint64_t blocks, EvictionPolicy policy = EvictionPolicy::kLru, Retention retention = {})
      : store({blocks * kBytes, policy, retention}) {}

  bool reserve(const Keys& keys, Nanoseconds now = 0, BlockOwner owner = {}, std::uint64_t first_block = 0) {
    added.clear();
    return store.reserve(keys, first_block, kBytes, owner, now, added);
  }
  void write(const Keys& keys, Nanoseconds now = 0, BlockOwner owner = {}, std::uint64_t first_block = 0) {
    ASSERT_TRUE(reserve(keys, now, owner, first_block));
    for (const BlockKey key : added) store.commit(key, now);
  }
  Keys held(Nanoseconds now = 0) {
    Keys keys;
    for (BlockKey key = 0; key < 100; ++key) {
      if (store.find(key, now) == BlockState::kReady) keys.push_back(key);
    }
    return keys;
  }

  BlockStore store;
  Keys added;
};

TEST(BlockStoreRules, ServesABlockOnceItsWriteEnds) {
  Store s(2);
  EXPECT_EQ(s.store.find(1, 0), BlockState::kAbsent);
  ASSERT_TRUE(s.reserve({1}));
  EXPECT_EQ(s.store.find(1, 0), BlockState::kWriting);
  s.store.commit(1, 5);
  EXPECT_EQ(s.store.find(1, 5), BlockState::kReady);
  EXPECT_EQ(s.store.used_bytes(), kBytes);
}

TEST(BlockStoreRules, AWriteThatFailsLeavesNothing) {
  Store s(2);
  ASSERT_TRUE(s.reserve({1, 2}));
  s.store.discard(1);
  EXPECT_EQ(s.store.find(1, 0), BlockState::kAbsent);
  EXPECT_EQ(s.store.blocks(), 1u);
  EXPECT_EQ(s.store.counters().written, 0u);
}

TEST(BlockStoreRules, SkipsWhatIsThere) {
  Store s(4);
  s.write({1, 2});
  ASSERT_TRUE(s.reserve({1, 2, 3, 4}));
  EXPECT_THAT(s.added, ElementsAre(3, 4));
  ASSERT_TRUE(s.reserve({3, 4}));
  EXPECT_THAT(s.added, IsEmpty());
}

TEST(BlockStoreRules, AKeyNamedTwiceIsAddedOnce) {
  Store s(4);
  s.write({7, 7});
  EXPECT_EQ(s.store.blocks(), 1u);
}

// The tail of the request used longest ago goes first.
TEST(BlockStoreRules, EvictsTailsBeforeHeads) {
  Store s(4);
  s.write({1, 2, 3, 4});
  s.write({5});
  EXPECT_THAT(s.held(), ElementsAre(1, 2, 3, 5));
  s.store.touch(Keys{1, 2, 3}, 0);
  s.write({6});
  EXPECT_THAT(s.held(), ElementsAre(1, 2, 3, 6));
  s.write({7});
  EXPECT_THAT(s.held(), ElementsAre(1, 2, 6, 7));
}

TEST(BlockStoreRules, EvictsNothingThatIsBeingStored) {
  Store s(3);
  s.write({1, 2, 3});
  s.store.touch(Keys{3, 2}, 0);  // 1 is the oldest
  s.write({1, 4});
  EXPECT_THAT(s.held(), ElementsAre(1, 3, 4));
}

TEST(BlockStoreRules, ChangesNothingWhenTheRoomCannotBeMade) {
  Store s(3);
  s.write({1, 2, 3});
  s.store.pin(1);
  EXPECT_FALSE(s.reserve({4, 5, 6}));
  EXPECT_FALSE(s.reserve({2, 4, 5}));  // 2 stays for the one, 1 for the pin
  EXPECT_THAT(s.added, IsEmpty());
  EXPECT_THAT(s.held(), ElementsAre(1, 2, 3));
  EXPECT_TRUE(s.reserve({4, 5}));
  EXPECT_THAT(s.held(), ElementsAre(1));
}

TEST(BlockStoreRules, APinnedBlockKeepsItsTurn) {
  Store s(3);
  s.write({1});
  s.write({2});
  s.write({3});
  s.store.pin(1);
  s.store.pin(1);
  s.store.unpin(1, 0);
  s.write({4});
  EXPECT_THAT(s.held(), ElementsAre(1, 3, 4));
  s.store.unpin(1, 0);
  s.write({5});
  EXPECT_THAT(s.held(), ElementsAre(3, 4, 5));
}

TEST(BlockStoreRules, AHugeRequestIsRefusedWithoutOverflow) {
  BlockStore store({.capacity_bytes = 100});
  Keys added;
  EXPECT_FALSE(store.reserve(Keys{1, 2}, 0, std::uint64_t{1} << 63, {}, 0, added));
  EXPECT_THROW(store.reserve(Keys{1}, 0, 0, {}, 0, added), std::logic_error);
}

TEST(BlockStoreRules, AStoreWithoutRoomRefusesAll) {
  Store s(0);
  EXPECT_FALSE(s.reserve({1}));
  EXPECT_TRUE(s.reserve({}));
}

// --- unequal sizes
TEST(BlockStoreRules, EvictsAsManySmallBlocksAsALargeOneNeeds) {
  Store s(4);
  s.write({1});
  s.write({2});
  s.write({3});
  Keys added;
  ASSERT_TRUE(s.store.reserve(Keys{9}, 0, 25, {}, 0, added));
  s.store.commit(9, 0);
  EXPECT_THAT(s.held(), ElementsAre(3, 9));
  EXPECT_EQ(s.store.used_bytes(), 35u);
}

TEST(BlockStoreRules, EvictsDownToABound) {
  Store s(5);
  s.write({1, 2, 3, 4, 5});
  s.store.pin(5);
  EXPECT_EQ(s.store.evict_to(30, 0), 2u);
  EXPECT_THAT(s.held(), ElementsAre(1, 2, 5));
  EXPECT_EQ(s.store.evict_to(0, 0), 2u);
  EXPECT_THAT(s.held(), ElementsAre(5));
}

// --- retention
TEST(BlockStoreRules, ServesUpToItsLimitAndNoLonger) {
  Store s(5, EvictionPolicy::kLru, {100, RetentionSince::kWrite});
  s.write({1}, 0);
  s.write({2}, 50);
  s.store.touch(Keys{1}, 90);
  EXPECT_THAT(s.held(100), ElementsAre(1, 2));
  EXPECT_THAT(s.held(101), ElementsAre(2));
  EXPECT_EQ(s.store.blocks(), 1u);
  EXPECT_EQ(s.store.counters().expired, 1u);
}

TEST(BlockStoreRules, AUseProlongsWhatIsKeptSinceItsLastUse) {
  Store s(5, EvictionPolicy::kLru, {100, RetentionSince::kLastUse});
  s.write({1, 2}, 0);
  s.store.touch(Keys{1}, 90);
  EXPECT_EQ(s.store.expire(150), 1u);
  EXPECT_THAT(s.held(190), ElementsAre(1));
  EXPECT_THAT(s.held(191), IsEmpty());
}

TEST(BlockStoreRules, AnExpiredBlockThatIsBusyIsNotServedAndGoesWhenFree) {
  Store s(5, EvictionPolicy::kLru, {100, RetentionSince::kWrite});
  s.write({1}, 0);
  s.store.pin(1);
  ASSERT_TRUE(s.reserve({2}, 0));
  ASSERT_TRUE(s.reserve({3}, 0));
  EXPECT_EQ(s.store.find(1, 101), BlockState::kAbsent);
  EXPECT_EQ(s.store.find(2, 101), BlockState::kAbsent);
  EXPECT_EQ(s.store.blocks(), 3u);
  EXPECT_THROW(s.store.pin(1), std::logic_error);
  s.store.unpin(1, 102);
  s.store.commit(2, 102);
  s.store.discard(3);
  EXPECT_EQ(s.store.blocks(), 0u);
  EXPECT_EQ(s.store.counters().expired, 2u);
}

// --- owners
TEST(BlockStoreRules, ErasesWhatAnOwnerWrote) {
  Store s(9);
  s.write({1, 2}, 0, {.tenant = 1, .session = 7});
  s.write({3}, 0, {.tenant = 1, .session = 8});
  s.write({4}, 0, {.tenant = 2});
  s.write({5}, 0, {.tenant = 2, .session = 7});
  s.store.pin(3);
  EXPECT_EQ(s.store.erase_session(0, 0), 0u);
  EXPECT_EQ(s.store.erase_session(7, 0), 3u);
  EXPECT_THAT(s.held(), ElementsAre(3, 4));
  EXPECT_EQ(s.store.erase_tenant(1, 0), 1u);
  EXPECT_EQ(s.store.erase_tenant(1, 0), 0u);
  EXPECT_THAT(s.held(), ElementsAre(4));
  EXPECT_EQ(s.store.blocks(), 2u);
  s.store.unpin(3, 0);
  EXPECT_EQ(s.store.blocks(), 1u);
  EXPECT_EQ(s.store.counters().erased, 4u);
}

TEST(BlockStoreRules, TellsTheOldestBlockOfEachTenant) {
  Store s(3);
  s.write({1}, 10, {.tenant = 2});
  s.write({2}, 20, {.tenant = 1, .session = 5});
  s.write({3}, 30, {.tenant = 2, .session = 6});
  auto oldest = s.store.oldest(30);
  ASSERT_EQ(oldest.size(), 2u);
  EXPECT_EQ(oldest[0].tenant, 1u);
  EXPECT_EQ(oldest[0].written, 20);
  EXPECT_EQ(oldest[1].written, 10);
  s.write({4}, 40);  // evicts 1
  oldest = s.store.oldest(40);
  ASSERT_EQ(oldest.size(), 3u);
  EXPECT_EQ(oldest[2].written, 30);
}

TEST(BlockStoreRules, RefusesMisuse) {
  Store s(3);
  s.write({1});
  EXPECT_THROW(s.store.commit(1, 0), std::logic_error);
  EXPECT_THROW(s.store.commit(2, 0), std::logic_error);
  EXPECT_THROW(s.store.discard(1), std::logic_error);
  EXPECT_THROW(s.store.discard(2), std::logic_error);
  EXPECT_THROW(s.store.pin(2), std::logic_error);
  EXPECT_THROW(s.store.unpin(1, 0), std::logic_error);
  ASSERT_TRUE(s.reserve({2}));
  EXPECT_THROW(s.store.pin(2), std::logic_error);
}

// --- other policies
TEST(BlockStoreRules, LfuEvictsTheLeastUsedAndAmongThemTheOldest) {
  Store s(3, EvictionPolicy::kLfu);
  s.write({1});
  s.write({2});
  s.write({3});
  s.store.touch(Keys{1}, 0);
  s.store.touch(Keys{2}, 0);
  s.store.touch(Keys{1}, 0);
  s.write({4});  // uses: 1 three times, 2 twice, 3 once
  EXPECT_THAT(s.held(), ElementsAre(1, 2, 4));
  s.store.touch(Keys{4}, 0);
  s.write({5});  // 2 and 4 twice each, 2 longer ago
  EXPECT_THAT(s.held(), ElementsAre(1, 4, 5));
  s.store.evict_to(20, 0);
  s.write({2});
  s.write({3});  // 2 came back: its uses count anew
  EXPECT_THAT(s.held(), ElementsAre(1, 3, 4));
}

TEST(BlockStoreRules, LengthAwareEvictsTheDeepestAndAmongThemTheOldest) {
  Store s(5, EvictionPolicy::kLengthAware);
  s.write({1, 2, 3});
  s.write({11, 12}, 0, {}, 1);  // at 1 and 2
  s.store.touch(Keys{3}, 0);    // 3 and 12 lie deepest, 12 was used longer ago
  s.write({21});
  EXPECT_THAT(s.held(), ElementsAre(1, 2, 3, 11, 21));
  s.write({22});
  EXPECT_THAT(s.held(), ElementsAre(1, 2, 11, 21, 22));
  s.write({31}, 0, {}, std::uint64_t{1} << 40);  // in place of 2, the older of those at 1
  EXPECT_THAT(s.held(), ElementsAre(1, 11, 21, 22, 31));
  s.write({32}, 0, {}, 5);
  EXPECT_THAT(s.held(), ElementsAre(1, 11, 21, 22, 32));
}

TEST(BlockStoreRules, PoliciesAreKnownByName) {
  EXPECT_THAT(eviction_policy_names(), ElementsAre("lru", "arc", "lfu", "length-aware"));
  for (const std::string& name : eviction_policy_names())
    EXPECT_EQ(eviction_policy_name(parse_eviction_policy(name, "eviction")), name);
  try {
    parse_eviction_policy("lfru", "pools[0].host.eviction");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("pools[0].host.eviction: there is no eviction policy 'lfru'"));
    EXPECT_THAT(error.what(), HasSubstr("lru, arc, lfu, length-aware"));
  }
}

}  // namespace
}  // namespace kvsim::sim
