// SPDX-License-Identifier: Apache-2.0
// The rules of the prefix cache told block by block, with no other aim than to be plainly right: an array of
// blocks, a linked free queue, and for each content hash its blocks in order of registration.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sim/kv/prefix_cache.h"

namespace kvsim::sim {

// Chained identities of the whole blocks of a content: equal where all tokens up to the block's end are
// equal.
std::vector<std::uint64_t> block_identities(std::uint64_t salt, const std::vector<Piece>& content,
                                            std::uint32_t block_tokens);

// A block got its identity, or lost it.
struct TwinEvent {
  CacheEventKind kind = CacheEventKind::kStored;
  std::uint64_t identity = 0;
  friend bool operator==(const TwinEvent&, const TwinEvent&) = default;
};

struct TwinHolder {
  std::vector<std::uint32_t> blocks;
  std::uint64_t registered = 0;
};

class BlockPoolTwin {
 public:
  explicit BlockPoolTwin(const PrefixCacheSettings& settings, std::vector<TwinEvent>* events = nullptr);

  std::uint64_t free_blocks() const { return free_; }
  std::uint64_t cached_blocks() const { return cached_; }
  const PrefixCacheCounters& counters() const { return counters_; }

  PrefixMatch match(const std::vector<std::uint64_t>& identities, std::uint64_t limit) const;
  void take(TwinHolder& holder, const std::vector<std::uint64_t>& identities, std::uint64_t blocks);
  void allocate(TwinHolder& holder, std::uint64_t count);
  void register_full(TwinHolder& holder, const std::vector<std::uint64_t>& identities,
                     std::uint64_t full_blocks);
  void release(TwinHolder& holder);

 private:
  struct Block {
    std::uint64_t identity = 0;
    bool hashed = false;
    std::uint32_t holders = 0;
    std::uint32_t previous = 0;
    std::uint32_t next = 0;
  };

  void insert_between(std::uint32_t previous, std::uint32_t block, std::uint32_t next);
  void unlink(std::uint32_t block);
  void evict(std::uint32_t block);

  void tell(CacheEventKind kind, std::uint64_t identity) {
    if (events_) events_->push_back({kind, identity});
  }

  PrefixCacheSettings settings_;
  std::vector<TwinEvent>* events_;
  std::vector<Block> blocks_;  // the last one is the fixed end of the circular free queue
  std::uint32_t end_;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> copies_;
  std::uint64_t free_ = 0;
  std::uint64_t cached_ = 0;
  PrefixCacheCounters counters_;
};

}  // namespace kvsim::sim
