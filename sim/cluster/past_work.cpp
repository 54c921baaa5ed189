// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/past_work.h"

#include "sim/metrics/kv_traffic.h"

namespace kvsim::sim {
namespace {

void add_counters(ReplicaSnapshot& sum, const ReplicaSnapshot& more) {
  sum.prompt_tokens += more.prompt_tokens;
  sum.generated_tokens += more.generated_tokens;
  sum.queried_tokens += more.queried_tokens;
  sum.hit_tokens += more.hit_tokens;
  sum.preemptions += more.preemptions;
  sum.evicted_blocks += more.evicted_blocks;
  sum.busy_seconds += more.busy_seconds;
  sum.ideal_compute_seconds += more.ideal_compute_seconds;
  sum.ideal_memory_seconds += more.ideal_memory_seconds;
  TierTotals tiers = more.tiers;
  tiers.host_used_bytes = tiers.host_capacity_bytes = 0;
  add_totals(sum.tiers, tiers);
}

void add_moved(std::vector<TenantKv>& sum, const std::vector<TenantKv>& more) {
  if (sum.size() < more.size()) sum.resize(more.size());
  for (std::size_t tenant = 0; tenant < more.size(); ++tenant) {
    sum[tenant].to_host_bytes += more[tenant].to_host_bytes;
    sum[tenant].to_gpu_bytes += more[tenant].to_gpu_bytes;
    sum[tenant].storage_written_bytes += more[tenant].storage_written_bytes;
    sum[tenant].storage_read_bytes += more[tenant].storage_read_bytes;
  }
}

}  // namespace

void PastWork::keep(std::uint32_t replica, const ReplicaSnapshot& work, const std::vector<TenantKv>& moved) {
  if (past_.size() <= replica) past_.resize(replica + 1);
  add_counters(past_[replica].work, work);
  add_moved(past_[replica].moved, moved);
}

void PastWork::add_to(ReplicaSnapshot& state, std::uint32_t replica) const {
  if (replica < past_.size()) add_counters(state, past_[replica].work);
}

std::vector<TenantKv> PastWork::moved(std::uint32_t replica, const std::vector<TenantKv>& now) const {
  std::vector<TenantKv> all = now;
  if (replica < past_.size()) add_moved(all, past_[replica].moved);
  return all;
}

}  // namespace kvsim::sim
