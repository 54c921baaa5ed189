// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/kv_traffic.h"

namespace kvsim::sim {

void add_totals(TierTotals& sum, const TierTotals& more) {
  sum.host_hit_tokens += more.host_hit_tokens;
  sum.storage_hit_tokens += more.storage_hit_tokens;
  sum.to_host_bytes += more.to_host_bytes;
  sum.to_gpu_bytes += more.to_gpu_bytes;
  sum.storage_written_bytes += more.storage_written_bytes;
  sum.storage_read_bytes += more.storage_read_bytes;
  sum.loads += more.loads;
  sum.pulls += more.pulls;
  sum.pulled_bytes += more.pulled_bytes;
  sum.host_evicted_blocks += more.host_evicted_blocks;
  sum.host_expired_blocks += more.host_expired_blocks;
  sum.host_erased_blocks += more.host_erased_blocks;
  sum.skipped_store_blocks += more.skipped_store_blocks;
  sum.dropped_write_blocks += more.dropped_write_blocks;
  sum.refused_promotion_blocks += more.refused_promotion_blocks;
  sum.host_used_bytes += more.host_used_bytes;
  sum.host_capacity_bytes += more.host_capacity_bytes;
}

void KvTraffic::add(const ReplicaSnapshot& replica) {
  gpu_evicted_blocks += replica.evicted_blocks;
  add_totals(tiers, replica.tiers);
}

void KvTraffic::add(const KvTraffic& other) {
  gpu_evicted_blocks += other.gpu_evicted_blocks;
  add_totals(tiers, other.tiers);
}

StorageLosses losses_of(const std::vector<StorageSnapshot>& systems) {
  StorageLosses losses;
  for (const StorageSnapshot& system : systems) {
    losses.evicted_blocks += system.evicted_blocks;
    losses.expired_blocks += system.expired_blocks;
    losses.erased_blocks += system.erased_blocks;
  }
  return losses;
}

}  // namespace kvsim::sim
