// SPDX-License-Identifier: Apache-2.0
// A storage system as a tier: what it holds, who deletes from it and when. One object for each shared system,
// one a server for a local one. Bytes move elsewhere (sim/fabric/transfers.h).
//
// A file appears whole, when its write ends (written to a temporary name, then renamed), so that a write in
// flight is not seen by readers. A write that finds the system full is refused, unless the store makes room
// itself. An evictor looks now and then and deletes the least useful until there is room again.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/kv/block_store.h"
#include "sim/kv/tier_settings.h"

namespace kvsim::sim {

class StorageTier {
 public:
  explicit StorageTier(const StorageSystemSettings& settings);

  const StorageSystemSettings& settings() const { return settings_; }

  // While it is down, lookups miss and no write begins; what is under way ends, what is at rest stays.
  void set_up(bool up) { up_ = up; }

  // Consecutive files of `keys`, from the first on, that may be read.
  std::uint64_t ready_run(std::span<const BlockKey> keys, Nanoseconds now);
  void touch(std::span<const BlockKey> keys, Nanoseconds now) { store_.touch(keys, now); }

  // Begins the writing of those of `keys` that are neither there nor being written; appends them to `added`.
  // False and nothing changed where the system is full or down. A block is `ranks` files.
  bool begin_write(std::span<const BlockKey> keys, std::uint64_t first_block, double block_bytes,
                   std::uint32_t ranks, const BlockOwner& owner, Nanoseconds now,
                   std::vector<BlockKey>& added);
  void end_write(std::span<const BlockKey> keys, Nanoseconds now);
  void cancel_write(std::span<const BlockKey> keys);

  void begin_read(std::span<const BlockKey> keys);
  void end_read(std::span<const BlockKey> keys, Nanoseconds now);

  // The evictor's turn.
  void look(Nanoseconds now);
  void erase_tenant(std::uint32_t tenant, Nanoseconds now) { store_.erase_tenant(tenant, now); }
  void erase_session(std::uint64_t session, Nanoseconds now) { store_.erase_session(session, now); }

  // Files deleted since the last call: each is an operation of the system.
  std::uint64_t take_deleted_files(Nanoseconds now);

  BlockStore& store() { return store_; }
  std::uint64_t refused_blocks() const { return refused_blocks_; }
  std::uint64_t files() const { return store_.blocks() * ranks_; }

 private:
  std::uint64_t share_of_capacity(double share) const;

  StorageSystemSettings settings_;
  BlockStore store_;
  std::uint64_t refused_blocks_ = 0;
  std::uint64_t deleted_blocks_told_ = 0;
  bool up_ = true;
  std::uint32_t ranks_ = 1;  // files of a block, as the last writer had it
};

}  // namespace kvsim::sim
