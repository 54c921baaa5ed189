// SPDX-License-Identifier: Apache-2.0
// Is the ARC order the algorithm of Megiddo and Modha, FAST 2003, figure 4?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <vector>

#include "base/random.h"
#include "sim/kv/block_store.h"

namespace kvsim::sim {
namespace {

using testing::ElementsAre;

// The paper's cases, in blocks; the front of each list is the one used longest ago.
class PaperArc {
 public:
  explicit PaperArc(std::size_t capacity) : c_(capacity) {}

  bool access(BlockKey x) {
    if (take(t1_, x) || take(t2_, x)) {  // case I
      t2_.push_back(x);
      return true;
    }
    if (holds(b1_, x)) {  // case II
      p_ = std::min<double>(static_cast<double>(c_), p_ + std::max(1.0, ratio(b2_, b1_)));
      replace(false);
      take(b1_, x);
      t2_.push_back(x);
    } else if (holds(b2_, x)) {  // case III
      p_ = std::max(0.0, p_ - std::max(1.0, ratio(b1_, b2_)));
      replace(true);
      take(b2_, x);
      t2_.push_back(x);
    } else {
      make_room_for_new();
      t1_.push_back(x);
    }
    return false;
  }

 private:
  using List = std::list<BlockKey>;

  static bool holds(const List& list, BlockKey x) {
    return std::find(list.begin(), list.end(), x) != list.end();
  }
  static bool take(List& list, BlockKey x) {
    const bool held = holds(list, x);
    list.remove(x);
    return held;
  }
  static double ratio(const List& a, const List& b) {
    return static_cast<double>(a.size()) / static_cast<double>(b.size());
  }

  void make_room_for_new() {  // case IV
    if (t1_.size() + b1_.size() == c_) {
      if (t1_.size() < c_) {
        b1_.pop_front();
        replace(false);
      } else {
        t1_.pop_front();
      }
    } else if (t1_.size() + t2_.size() + b1_.size() + b2_.size() >= c_) {
      if (t1_.size() + t2_.size() + b1_.size() + b2_.size() == 2 * c_) b2_.pop_front();
      replace(false);
    }
  }

  void replace(bool in_b2) {
    const auto t1 = static_cast<double>(t1_.size());
    const bool from_t1 = !t1_.empty() && ((in_b2 && t1 == p_) || t1 > p_);
    List& list = from_t1 ? t1_ : t2_;
    (from_t1 ? b1_ : b2_).push_back(list.front());
    list.pop_front();
  }

  std::size_t c_;
  double p_ = 0;
  List t1_, t2_, b1_, b2_;
};

bool access(BlockStore& store, BlockKey key) {
  if (store.find(key, 0) == BlockState::kReady) {
    store.touch({&key, 1}, 0);
    return true;
  }
  std::vector<BlockKey> added;
  EXPECT_TRUE(store.reserve({&key, 1}, 0, 1, {}, 0, added));
  store.commit(key, 0);
  return false;
}

std::vector<BlockKey> held(BlockStore& store) {
  std::vector<BlockKey> keys;
  for (BlockKey key = 0; key < 100; ++key) {
    if (store.find(key, 0) == BlockState::kReady) keys.push_back(key);
  }
  return keys;
}

// c = 3, lists from the oldest on.
TEST(EvictionArc, FollowsTheExampleWorkedByHand) {
  BlockStore store({.capacity_bytes = 3, .eviction = EvictionPolicy::kArc});
  for (const BlockKey key : {1, 2, 1, 3}) access(store, key);  // T1 2 3; T2 1
  access(store, 4);  // IV(B): T1 > p = 0 gives 2 to B1. T1 3 4; T2 1; B1 2
  EXPECT_THAT(held(store), ElementsAre(1, 3, 4));
  access(store, 2);  // II: p = 1, T1 has 2 > 1 and gives 3. T1 4; T2 1 2; B1 3
  EXPECT_THAT(held(store), ElementsAre(1, 2, 4));
  access(store, 5);  // IV(B): T1 has 1 = p, so T2 gives 1. T1 4 5; T2 2; B1 3; B2 1
  EXPECT_THAT(held(store), ElementsAre(2, 4, 5));
  access(store, 6);  // IV(A): B1 forgets 3; T1 has 2 > 1 and gives 4. T1 5 6; T2 2; B1 4; B2 1
  EXPECT_THAT(held(store), ElementsAre(2, 5, 6));
  access(store, 3);  // new again: IV(A): B1 forgets 4, T1 gives 5. T1 6 3; T2 2; B1 5; B2 1
  EXPECT_THAT(held(store), ElementsAre(2, 3, 6));
  access(store, 5);  // II: p = min(3, 1 + 1) = 2, T1 has 2 = p: T2 gives 2. T1 6 3; T2 5; B2 1 2
  EXPECT_THAT(held(store), ElementsAre(3, 5, 6));
  access(store, 1);  // III: p = 1, T1 has 2 > 1 and gives 6. T1 3; T2 5 1; B1 6; B2 2
  EXPECT_THAT(held(store), ElementsAre(1, 3, 5));
}

// A loop over more than fits defeats LRU; blocks used twice before it survive.
TEST(EvictionArc, AScanDoesNotFlushWhatIsUsedAgain) {
  BlockStore store({.capacity_bytes = 10, .eviction = EvictionPolicy::kArc});
  for (int round = 0; round < 2; ++round) {
    for (BlockKey key = 0; key < 5; ++key) access(store, key);
  }
  for (BlockKey key = 1000; key < 2000; ++key) access(store, key);
  EXPECT_THAT(held(store), ElementsAre(0, 1, 2, 3, 4));
}

TEST(EvictionArc, HitsWhatThePaperHitsOnRandomAccesses) {
  for (std::uint64_t seed = 0; seed < 300 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomStream random(seed, "arc paper");
    const std::uint64_t capacity = 1 + random.below(20);
    BlockStore store({.capacity_bytes = capacity, .eviction = EvictionPolicy::kArc});
    PaperArc paper(capacity);
    for (int i = 0; i < 2000 && !HasFailure(); ++i) {
      const std::uint64_t range = 1 + random.below(3 * capacity);  // skewed
      const BlockKey key = random.below(range) + (i / 500) * random.below(capacity);
      EXPECT_EQ(access(store, key), paper.access(key)) << "access " << i;
    }
  }
}

}  // namespace
}  // namespace kvsim::sim
