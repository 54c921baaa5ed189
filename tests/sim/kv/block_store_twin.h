// SPDX-License-Identifier: Apache-2.0
// The rules of a block store told plainly: a map of blocks that is searched from end to end for whatever is
// asked.
#pragma once

#include <list>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "sim/kv/block_store.h"

namespace kvsim::sim {

class BlockStoreTwin {
 public:
  explicit BlockStoreTwin(const BlockStoreSettings& settings) : settings_(settings) {}

  BlockState find(BlockKey key, Nanoseconds now);
  void touch(const std::vector<BlockKey>& keys, Nanoseconds now);
  bool reserve(const std::vector<BlockKey>& keys, std::uint64_t first_block, std::uint64_t bytes,
               const BlockOwner& owner, Nanoseconds now, std::vector<BlockKey>& added);
  void commit(BlockKey key, Nanoseconds now);
  void discard(BlockKey key) { drop(key); }
  void pin(BlockKey key) { ++blocks_.at(key).pins; }
  void unpin(BlockKey key, Nanoseconds now);
  std::uint64_t evict_to(std::uint64_t bytes, Nanoseconds now);
  std::uint64_t erase_tenant(std::uint32_t tenant, Nanoseconds now);
  std::uint64_t erase_session(std::uint64_t session, Nanoseconds now);
  std::uint64_t expire(Nanoseconds now);
  std::map<std::uint32_t, Nanoseconds> oldest(Nanoseconds now);

  std::uint64_t used_bytes() const;
  std::uint64_t blocks() const { return blocks_.size(); }
  const BlockStoreCounters& counters() const { return counters_; }

  std::vector<BlockKey> writing() const;  // also those to be dropped
  std::vector<BlockKey> pinned() const;
  std::vector<BlockKey> ready() const;
  std::uint64_t written_blocks() const { return blocks_.size() - writing().size(); }

 private:
  struct Block {
    std::uint64_t bytes = 0;
    BlockOwner owner;
    Nanoseconds reserved = 0;
    Nanoseconds used = 0;
    bool written = false;
    int pins = 0;
    std::uint64_t* leaving = nullptr;  // the counter that will count it
    std::uint64_t position = 0;
    std::uint64_t uses = 0;
    std::uint64_t last_use = 0;
    bool again = false;  // in T2
  };
  struct Ghost {
    BlockKey key = 0;
    std::uint64_t bytes = 0;
    bool again = false;  // in B2
  };

  bool idle(const Block& block) const { return block.written && block.pins == 0 && !block.leaving; }
  bool may_go(BlockKey key, const std::vector<BlockKey>& kept) const;
  std::optional<BlockKey> victim(const std::vector<BlockKey>& kept, bool back_from_b2) const;
  std::pair<std::uint64_t, std::uint64_t> turn(const Block& block, bool shrink_t1) const;
  void evict(BlockKey key);
  void leave(BlockKey key, std::uint64_t& counter);
  void drop(BlockKey key);
  template <class Doomed>
  std::uint64_t leave_all(std::uint64_t& counter, Doomed doomed);

  std::uint64_t resident_bytes(bool again) const;
  std::uint64_t ghost_bytes(bool again) const;
  std::pair<bool, bool> adapt(BlockKey key, std::uint64_t bytes);  // was in B1 or B2, was in B2
  void trim(bool again);

  BlockStoreSettings settings_;
  std::map<BlockKey, Block> blocks_;
  std::list<Ghost> ghosts_;  // the oldest first
  double target_ = 0;
  std::uint64_t uses_ = 0;
  BlockStoreCounters counters_;
};

}  // namespace kvsim::sim
