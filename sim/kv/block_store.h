// SPDX-License-Identifier: Apache-2.0
// The blocks that one tier below the GPU holds: host memory of a replica, or a storage system. It knows keys
// and bytes, not how they get there: reserve() makes room and notes a write in flight, commit() ends it.
//
// A key names a block's whole content: the chained hash of all tokens up to its end, of its salt and of the
// key space. Keys are 64 bits wide; with 10^7 blocks the chance that any two collide is about 3e-6.
//
// States: writing (neither evicted nor served), ready, pinned (being read or copied down: not evicted).
// Expired blocks are never served; they leave at the first call after their limit. Retention counts from
// reserve(), or from the last touch(), and its limit itself still serves. An expired or erased block that is
// busy (writing or pinned) is absent to find(), still skipped by reserve(), and goes with its last commit(),
// discard() or unpin().
//
// Eviction takes ready, unpinned blocks only, in the order of the policy:
//   lru           the one used longest ago
//   arc           adaptive replacement, sizes summed in bytes (eviction_arc.cpp)
//   lfu           the one used least often since it came, its write included; ties as lru
//   length-aware  the one deepest in its sequence; ties as lru. A deep block serves only with all those
//                 before it, and fewer requests share it
// A use is the reserve() that adds the block or a touch(); pins are none.
//
// `now` never decreases from call to call. Misuse (commit of a block that is not being written, ...) is a
// std::logic_error. Each block costs 88 bytes and 11 to 21 in a table; find, touch, and reserve take O(1) a
// block but for a look-up among the frequencies or depths in use.
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
  friend bool operator==(const BlockOwner&, const BlockOwner&) = default;
};

struct BlockStoreSettings {
  std::uint64_t capacity_bytes = 0;
  EvictionPolicy eviction = EvictionPolicy::kLru;
  Retention retention;
};

// In blocks, since the beginning, each counted as it goes: written - evicted - expired - erased are held and
// not being written. A discarded write counts nowhere.
struct BlockStoreCounters {
  std::uint64_t written = 0;
  std::uint64_t evicted = 0;
  std::uint64_t expired = 0;
  std::uint64_t erased = 0;
};

// Is told when a block can be served from now on, and when one that was reserved is served no more, written
// or not.
class BlockStoreListener {
 public:
  virtual ~BlockStoreListener() = default;
  virtual void on_ready(BlockKey key) = 0;
  virtual void on_gone(BlockKey key) = 0;
};

enum class BlockState { kAbsent, kWriting, kReady };

class BlockStore {
 public:
  explicit BlockStore(const BlockStoreSettings& settings, BlockStoreListener* listener = nullptr);
  ~BlockStore();
  BlockStore(const BlockStore&) = delete;
  BlockStore& operator=(const BlockStore&) = delete;

  BlockState find(BlockKey key, Nanoseconds now);
  // A use of each key that is here, the last of the span first, so that the first is the most recent.
  void touch(std::span<const BlockKey> keys, Nanoseconds now);

  // Adds each key that is absent as a block being written, `bytes` > 0 long, evicting as the policy says, but
  // nothing of `keys` itself. The last of the span is added first, so that the first is the most recent.
  // `first_block` is the position of keys[0] in its sequence (length-aware policy). Appends what was added to
  // `added`, in the order of `keys`; or changes nothing and returns false when the room cannot be made.
  bool reserve(std::span<const BlockKey> keys, std::uint64_t first_block, std::uint64_t bytes,
               const BlockOwner& owner, Nanoseconds now, std::vector<BlockKey>& added);
  void commit(BlockKey key, Nanoseconds now);  // written: ready from now on. Writing before
  void discard(BlockKey key);                  // the write failed. Writing before

  void pin(BlockKey key);  // ready; may be pinned several times
  void unpin(BlockKey key, Nanoseconds now);

  // Evicts by the policy until at most `bytes` are held or nothing more may go; how many blocks went.
  std::uint64_t evict_to(std::uint64_t bytes, Nanoseconds now);
  // Deletes what an owner wrote; pinned and unfinished blocks are no longer served and go when they are free.
  // How many blocks are served no more; session 0 has none.
  std::uint64_t erase_tenant(std::uint32_t tenant, Nanoseconds now);
  std::uint64_t erase_session(std::uint64_t session, Nanoseconds now);
  std::uint64_t expire(Nanoseconds now);  // how many blocks are served no more

  std::uint64_t used_bytes() const;  // writes in flight included
  std::uint64_t capacity_bytes() const;
  std::uint64_t blocks() const;
  const BlockStoreCounters& counters() const;

  // The time at which the oldest block now held was reserved, by tenant; ascending tenants. Blocks that are
  // erased or expired and still busy count: their bytes are there.
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
