// SPDX-License-Identifier: Apache-2.0
// How much of a trace's prompts was seen before, by the size of a cache and by how long it keeps what it has.
// Blocks of a prompt are touched head first, the partial one at its end included; a hit is a block that is
// there, whatever its position. Answers are not counted, only prompts.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/profile/lfu_cache.h"
#include "traces/profile/lru_stack.h"
#include "traces/request.h"

namespace kvsim::traces {

struct CapacityPoint {
  std::uint64_t capacity_tokens = 0;
  double lru_hit_ratio = 0;
  double lfu_hit_ratio = 0;  // only where asked for
};

struct RetentionPoint {
  double retention_seconds = 0;
  double hit_ratio = 0;
  std::uint64_t peak_blocks = 0;  // most blocks kept at a time
};

class ReuseProfile {
 public:
  // LFU needs its capacities beforehand; LRU gives every capacity afterwards.
  ReuseProfile(std::uint32_t block_tokens, const std::vector<std::uint64_t>& lfu_capacities_tokens,
               std::vector<double> retentions_seconds);

  void add(const Request& request);  // in order of arrival

  std::uint32_t block_tokens() const { return block_tokens_; }
  std::uint64_t references() const { return references_; }
  std::uint64_t unique_blocks() const { return stack_.blocks(); }
  std::uint64_t hits() const { return references_ - stack_.blocks(); }  // without limit
  double hit_ratio() const { return ratio(hits()); }
  double lru_hit_ratio(std::uint64_t capacity_tokens) const;
  double lfu_hit_ratio(std::size_t place) const {
    return ratio(lfu_hits_[place]);
  }  // of the capacities given
  std::vector<RetentionPoint> retention() const;

 private:
  struct Kept {
    Nanoseconds retention = 0;
    std::uint64_t hits = 0;
    std::uint64_t peak_blocks = 0;
    std::size_t oldest = 0;  // the first moment noted that lies within the retention
  };
  double ratio(std::uint64_t hits) const;
  void note(const LruStack::Touch& touch);
  void measure_kept(Nanoseconds now);

  std::uint32_t block_tokens_;
  LruStack stack_;
  std::uint64_t references_ = 0;
  std::vector<std::uint64_t> at_distance_;  // touches by stack distance
  std::vector<LfuCache> lfu_;
  std::vector<std::uint64_t> lfu_hits_;
  std::vector<Kept> kept_;
  std::vector<Nanoseconds> moments_;  // of LruStack, at most one a second
  std::vector<std::uint64_t> hashes_;
};

// 10,000, 20,000, 50,000, ... up to the first that is at least `tokens`.
std::vector<std::uint64_t> round_capacities(std::uint64_t tokens);

}  // namespace kvsim::traces
