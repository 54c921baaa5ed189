// SPDX-License-Identifier: Apache-2.0
#include "sim/kv/storage_tier.h"

#include <algorithm>

namespace kvsim::sim {

StorageTier::StorageTier(const StorageSystemSettings& settings)
    : settings_(settings), store_({settings.capacity_bytes, settings.eviction.policy, settings.retention}) {}

std::uint64_t StorageTier::ready_run(std::span<const BlockKey> keys, Nanoseconds now) {
  std::uint64_t run = 0;
  if (!up_) return run;
  while (run < keys.size() && store_.find(keys[run], now) == BlockState::kReady) ++run;
  return run;
}

bool StorageTier::begin_write(std::span<const BlockKey> keys, std::uint64_t first_block, double block_bytes,
                              std::uint32_t ranks, const BlockOwner& owner, Nanoseconds now,
                              std::vector<BlockKey>& added) {
  if (!up_) return false;
  ranks_ = ranks;
  const auto bytes = static_cast<std::uint64_t>(block_bytes);
  const auto absent = static_cast<std::uint64_t>(std::count_if(
      keys.begin(), keys.end(), [&](BlockKey key) { return store_.find(key, now) == BlockState::kAbsent; }));
  if (absent == 0) return true;
  const std::uint64_t needed = absent * bytes;
  if (settings_.eviction.by == StorageEviction::By::kStore &&
      store_.used_bytes() + needed > share_of_capacity(settings_.eviction.above))
    store_.evict_to(share_of_capacity(settings_.eviction.below), now);
  if (store_.used_bytes() + needed > settings_.capacity_bytes) {
    refused_blocks_ += absent;
    return false;
  }
  return store_.reserve(keys, first_block, bytes, owner, now, added);
}

void StorageTier::end_write(std::span<const BlockKey> keys, Nanoseconds now) {
  for (const BlockKey key : keys) store_.commit(key, now);
}

void StorageTier::cancel_write(std::span<const BlockKey> keys) {
  for (const BlockKey key : keys) store_.discard(key);
}

void StorageTier::begin_read(std::span<const BlockKey> keys) {
  for (const BlockKey key : keys) store_.pin(key);
}

void StorageTier::end_read(std::span<const BlockKey> keys, Nanoseconds now) {
  for (const BlockKey key : keys) store_.unpin(key, now);
}

void StorageTier::look(Nanoseconds now) {
  store_.expire(now);
  if (settings_.eviction.by != StorageEviction::By::kEvictor) return;
  if (store_.used_bytes() > share_of_capacity(settings_.eviction.above))
    store_.evict_to(share_of_capacity(settings_.eviction.below), now);
}

std::uint64_t StorageTier::take_deleted_files(Nanoseconds now) {
  store_.expire(now);
  const BlockStoreCounters& counters = store_.counters();
  const std::uint64_t deleted = counters.evicted + counters.expired + counters.erased;
  const std::uint64_t fresh = deleted - deleted_blocks_told_;
  deleted_blocks_told_ = deleted;
  return fresh * ranks_;
}

std::uint64_t StorageTier::share_of_capacity(double share) const {
  return static_cast<std::uint64_t>(share * static_cast<double>(settings_.capacity_bytes));
}

}  // namespace kvsim::sim
