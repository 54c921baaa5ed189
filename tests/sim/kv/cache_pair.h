// SPDX-License-Identifier: Apache-2.0
// The prefix cache and its twin side by side: does everything to both and compares after each operation.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "sim/kv/prefix_cache.h"
#include "tests/sim/kv/block_pool_twin.h"

namespace kvsim::sim {

struct Sequence {
  std::uint64_t salt = 0;
  std::vector<Piece> content;
  std::vector<std::uint64_t> identities;  // of its whole blocks
};

struct PairedHolder {
  BlockHolder runs;
  TwinHolder blocks;
};

// Writes down events block by block.
class ExpandedEvents final : public CacheListener {
 public:
  explicit ExpandedEvents(std::uint32_t block_tokens) : block_tokens_(block_tokens) {}
  std::vector<TwinEvent> told;

  void on_cache_event(CacheEvent event) override {
    EXPECT_EQ(event.block_tokens, block_tokens_);
    const auto identities = block_identities(event.salt, *event.path, block_tokens_);
    ASSERT_LT(event.begin, event.end);
    ASSERT_LE(event.end, identities.size());
    const std::uint64_t blocks = event.end - event.begin;
    const bool stored = event.kind == CacheEventKind::kStored;
    for (std::uint64_t i = 0; i < blocks; ++i)
      told.push_back({event.kind, identities[stored ? event.begin + i : event.end - 1 - i]});
  }

 private:
  std::uint32_t block_tokens_;
};

class CachePair {
 public:
  explicit CachePair(const PrefixCacheSettings& settings, bool with_events = false)
      : listener_(settings.block_tokens),
        cache_(settings, with_events ? &listener_ : nullptr),
        twin_(settings, with_events ? &twin_told_ : nullptr) {}

  const PrefixCache& cache() const { return cache_; }

  PrefixMatch match(const Sequence& sequence, std::uint64_t limit) {
    const PrefixMatch match = cache_.match(sequence.salt, sequence.content, limit);
    const PrefixMatch expected = twin_.match(sequence.identities, limit);
    EXPECT_EQ(match.blocks, expected.blocks);
    EXPECT_EQ(match.free_blocks, expected.free_blocks);
    return match;
  }
  void take(PairedHolder& holder, const Sequence& sequence, std::uint64_t blocks) {
    cache_.take(holder.runs, sequence.salt, sequence.content, blocks);
    twin_.take(holder.blocks, sequence.identities, blocks);
    compare(holder);
  }
  void allocate(PairedHolder& holder, std::uint64_t count) {
    cache_.allocate(holder.runs, count);
    twin_.allocate(holder.blocks, count);
    compare(holder);
  }
  void register_full(PairedHolder& holder, const Sequence& sequence, std::uint64_t full_blocks) {
    cache_.register_full(holder.runs, sequence.salt, sequence.content, full_blocks);
    twin_.register_full(holder.blocks, sequence.identities, full_blocks);
    compare(holder);
  }
  void release(PairedHolder& holder) {
    cache_.release(holder.runs);
    twin_.release(holder.blocks);
    compare(holder);
  }

  // What both have told since the last time is the same, in the same order.
  void compare_events() {
    cache_.flush_events();
    EXPECT_EQ(listener_.told, twin_told_);
    listener_.told.clear();
    twin_told_.clear();
  }

 private:
  void compare(const PairedHolder& holder) {
    ASSERT_EQ(cache_.free_blocks(), twin_.free_blocks());
    ASSERT_EQ(cache_.cached_blocks(), twin_.cached_blocks());
    ASSERT_EQ(cache_.counters().evicted_blocks, twin_.counters().evicted_blocks);
    ASSERT_EQ(cache_.counters().registered_blocks, twin_.counters().registered_blocks);
    ASSERT_EQ(holder.runs.blocks(), holder.blocks.blocks.size());
    ASSERT_EQ(holder.runs.registered, holder.blocks.registered);
  }

  ExpandedEvents listener_;
  std::vector<TwinEvent> twin_told_;
  PrefixCache cache_;
  BlockPoolTwin twin_;
};

}  // namespace kvsim::sim
