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

class CachePair {
 public:
  explicit CachePair(const PrefixCacheSettings& settings) : cache_(settings), twin_(settings) {}

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

 private:
  void compare(const PairedHolder& holder) {
    ASSERT_EQ(cache_.free_blocks(), twin_.free_blocks());
    ASSERT_EQ(cache_.cached_blocks(), twin_.cached_blocks());
    ASSERT_EQ(cache_.counters().evicted_blocks, twin_.counters().evicted_blocks);
    ASSERT_EQ(cache_.counters().registered_blocks, twin_.counters().registered_blocks);
    ASSERT_EQ(holder.runs.blocks(), holder.blocks.blocks.size());
    ASSERT_EQ(holder.runs.registered, holder.blocks.registered);
  }

  PrefixCache cache_;
  BlockPoolTwin twin_;
};

}  // namespace kvsim::sim
