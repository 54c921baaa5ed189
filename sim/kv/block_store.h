// SPDX-License-Identifier: Apache-2.0
// The blocks that one tier below the GPU holds: host memory of a replica, or a storage system. It knows keys
// and bytes, not how they get there: reserve() makes room and notes a write in flight, commit() ends it.
//
// A key names a block's whole content: the chained hash of all tokens up to its end, of its salt and of the
// key space. Keys are 64 bits wide; with 10^7 blocks the chance that any two collide is about 3e-6.
//
// States: writing (neither evicted nor served), ready, pinned (being read or copied down: not evicted).
// Expired blocks are never served; they leave at the first call after their limit, or when unpinned.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"
#include "sim/kv/tier_settings.h"

namespace kvsim::sim {

using BlockKey = std::uint64_t;

struct BlockOwner {
  std::uint32_t tenant = 0;
  std::uint64_t session = 0;  // 0: none
};

struct BlockStoreSettings {
  std::uint64_t capacity_bytes = 0;
  EvictionPolicy eviction = EvictionPolicy::kLru;
  Retention retention;
};

struct BlockStoreCounters {  // in blocks, since the beginning
  std::uint64_t written = 0;
  std::uint64_t evicted = 0;
  std::uint64_t expired = 0;
  std::uint64_t erased = 0;
};

enum class BlockState { kAbsent, kWriting, kReady };

class BlockStore {
 public:
  explicit BlockStore(const BlockStoreSettings& settings);
  ~BlockStore();
  BlockStore(const BlockStore&) = delete;
  BlockStore& operator=(const BlockStore&) = delete;

  BlockState find(BlockKey key, Nanoseconds now);
  // A use of each key that is here, the last of the span first, so that the first is the most recent.
  void touch(std::span<const BlockKey> keys, Nanoseconds now);

  // Adds each key that is absent as a block being written, `bytes` long, evicting as the policy says, but
  // nothing of `keys` itself. `first_block` is the position of keys[0] in its sequence (length-aware policy).
  // Appends what was added to `added`; or changes nothing and returns false when the room cannot be made.
  bool reserve(std::span<const BlockKey> keys, std::uint64_t first_block, std::uint64_t bytes,
               const BlockOwner& owner, Nanoseconds now, std::vector<BlockKey>& added);
  void commit(BlockKey key, Nanoseconds now);  // written: ready from now on. Writing before
  void discard(BlockKey key);                  // the write failed. Writing before

  void pin(BlockKey key);  // ready; may be pinned several times
  void unpin(BlockKey key, Nanoseconds now);

  // Evicts by the policy until at most `bytes` are held or nothing more may go; how many blocks went.
  std::uint64_t evict_to(std::uint64_t bytes, Nanoseconds now);
  // Deletes what an owner wrote; pinned and unfinished blocks are no longer served and go when they are free.
  std::uint64_t erase_tenant(std::uint32_t tenant, Nanoseconds now);
  std::uint64_t erase_session(std::uint64_t session, Nanoseconds now);
  std::uint64_t expire(Nanoseconds now);  // how many blocks went

  std::uint64_t used_bytes() const;  // writes in flight included
  std::uint64_t capacity_bytes() const;
  std::uint64_t blocks() const;
  const BlockStoreCounters& counters() const;

  // The time at which the oldest block now held was written, by tenant; ascending tenants.
  struct Oldest {
    std::uint32_t tenant = 0;
    Nanoseconds written = 0;
  };
  std::vector<Oldest> oldest(Nanoseconds now);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kvsim::sim
