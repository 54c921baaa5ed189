// SPDX-License-Identifier: Apache-2.0
// Does the store do what the plain rules say, whatever happens to it, under every policy?
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "base/random.h"
#include "sim/kv/eviction_policies.h"
#include "tests/sim/kv/block_store_twin.h"

namespace kvsim::sim {
namespace {

using Keys = std::vector<BlockKey>;

// What can be served, as a listener knows it.
class Listener final : public BlockStoreListener {
 public:
  std::set<BlockKey> ready;
  void on_ready(BlockKey key) override { EXPECT_TRUE(ready.insert(key).second); }
  void on_gone(BlockKey key) override { ready.erase(key); }
};

class Scenario {
 public:
  Scenario(EvictionPolicy policy, std::uint64_t seed)
      : random_(seed, "block store twin"),
        several_sizes_(random_.below(2) == 0),
        keys_(8 + random_.below(60)),
        settings_{random_.below(40) * 6, policy, random_retention()},
        store_(settings_, &listener_),
        twin_(settings_) {}

  void run() {
    for (int i = 0; i < 300 && !testing::Test::HasFailure(); ++i) {
      now_ += static_cast<Nanoseconds>(random_.below(4) == 0 ? random_.below(20) : 0);
      step();
      compare();
      if (random_.below(4) == 0) compare_blocks();
    }
  }

 private:
  Retention random_retention() {
    if (random_.below(2) == 0) return {};
    const auto since = random_.below(2) == 0 ? RetentionSince::kWrite : RetentionSince::kLastUse;
    return {static_cast<Nanoseconds>(random_.below(150)), since};
  }

  // A request's blocks mostly follow each other, so that requests share beginnings.
  Keys random_span() {
    Keys keys(random_.below(8));
    const BlockKey first = random_.below(keys_);
    const bool any = random_.below(3) == 0;
    for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = any ? random_.below(keys_) : first + i;
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
  }

  template <class Use>
  void with_one_of(const Keys& keys, Use use) {
    if (!keys.empty()) use(keys[random_.below(keys.size())]);
  }

  void step() {
    const std::uint64_t choice = random_.below(100);
    if (choice < 30) return reserve();
    if (choice < 55) return with_one_of(twin_.writing(), [&](BlockKey key) { commit(key); });
    if (choice < 75) return touch();
    if (choice < 82) return with_one_of(twin_.ready(), [&](BlockKey key) { pin(key); });
    if (choice < 91) return with_one_of(twin_.pinned(), [&](BlockKey key) { unpin(key); });
    if (choice < 93) return with_one_of(twin_.writing(), [&](BlockKey key) { discard(key); });
    remove_many(choice);
  }

  void reserve() {
    const Keys keys = random_span();
    const std::uint64_t first_block = random_.below(6);
    const std::uint64_t bytes = several_sizes_ ? 1 + random_.below(12) : 6;
    const BlockOwner owner{static_cast<std::uint32_t>(random_.below(3)), random_.below(4)};
    Keys added, twin_added;
    EXPECT_EQ(store_.reserve(keys, first_block, bytes, owner, now_, added),
              twin_.reserve(keys, first_block, bytes, owner, now_, twin_added));
    EXPECT_EQ(added, twin_added);
    if (random_.below(2) == 0) return;
    for (const BlockKey key : twin_added) commit(key);
  }
  void commit(BlockKey key) {
    store_.commit(key, now_);
    twin_.commit(key, now_);
  }
  void discard(BlockKey key) {
    store_.discard(key);
    twin_.discard(key);
  }
  void touch() {
    const Keys keys = random_span();
    store_.touch(keys, now_);
    twin_.touch(keys, now_);
  }
  void pin(BlockKey key) {
    const BlockState state = twin_.find(key, now_);
    ASSERT_EQ(store_.find(key, now_), state);
    if (state != BlockState::kReady) return;
    store_.pin(key);
    twin_.pin(key);
  }
  void unpin(BlockKey key) {
    store_.unpin(key, now_);
    twin_.unpin(key, now_);
  }
  void remove_many(std::uint64_t choice) {
    if (choice == 93) {
      const std::uint64_t bytes = random_.below(settings_.capacity_bytes + 1);
      EXPECT_EQ(store_.evict_to(bytes, now_), twin_.evict_to(bytes, now_));
    } else if (choice == 94) {
      const auto tenant = static_cast<std::uint32_t>(random_.below(4));
      EXPECT_EQ(store_.erase_tenant(tenant, now_), twin_.erase_tenant(tenant, now_));
    } else if (choice == 95) {
      const std::uint64_t session = random_.below(5);
      EXPECT_EQ(store_.erase_session(session, now_), twin_.erase_session(session, now_));
    } else if (choice < 98) {
      EXPECT_EQ(store_.expire(now_), twin_.expire(now_));
    } else {
      compare_oldest();
    }
  }

  void compare_oldest() {
    std::map<std::uint32_t, Nanoseconds> oldest;
    std::uint32_t last = 0;
    for (const auto& [tenant, written] : store_.oldest(now_)) {
      EXPECT_GE(tenant, last);
      last = tenant;
      oldest[tenant] = written;
    }
    EXPECT_EQ(oldest, twin_.oldest(now_));
  }

  void compare() {
    const auto all = [](const BlockStoreCounters& c) {
      return std::tuple(c.written, c.evicted, c.expired, c.erased);
    };
    EXPECT_EQ(all(store_.counters()), all(twin_.counters()));
    EXPECT_EQ(store_.blocks(), twin_.blocks());
    EXPECT_EQ(store_.used_bytes(), twin_.used_bytes());
    EXPECT_LE(store_.used_bytes(), store_.capacity_bytes());
    const auto& [written, evicted, expired, erased] = store_.counters();
    EXPECT_EQ(written - evicted - expired - erased, twin_.written_blocks());
  }

  void compare_blocks() {
    for (BlockKey key = 0; key < keys_ + 8; ++key) {
      const BlockState state = twin_.find(key, now_);
      EXPECT_EQ(store_.find(key, now_), state);
      EXPECT_EQ(listener_.ready.count(key) == 1, state == BlockState::kReady);
    }
    compare();
  }

  RandomStream random_;
  bool several_sizes_;
  std::uint64_t keys_;
  BlockStoreSettings settings_;
  Listener listener_;
  BlockStore store_;
  BlockStoreTwin twin_;
  Nanoseconds now_ = 0;
};

class BlockStoreTwinTest : public testing::TestWithParam<std::string> {};

TEST_P(BlockStoreTwinTest, AgreesOnRandomOperations) {
  for (std::uint64_t seed = 0; seed < 1500 && !HasFailure(); ++seed) {
    SCOPED_TRACE(GetParam() + ", seed " + std::to_string(seed));
    Scenario(parse_eviction_policy(GetParam(), ""), seed).run();
  }
}

INSTANTIATE_TEST_SUITE_P(Policies, BlockStoreTwinTest, testing::ValuesIn(eviction_policy_names()),
                         [](const auto& policy) {
                           std::string name = policy.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace kvsim::sim
