// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/data_ledger.h"

#include <algorithm>

namespace kvsim::sim {
namespace {

std::uint64_t less(std::uint64_t all, std::uint64_t part) { return all - std::min(all, part); }

}  // namespace

void DataLedger::on_finished(const RequestRecord& record) {
  const std::uint32_t tenant = groups_[record.group].tenant;
  if (record.status == RequestStatus::kRejectedNoRoute) ++without_route_[tenant];
  if (!reached_a_replica(record)) return;
  PoolUse& use = uses_[{tenant, pool_of_replica_[record.replica]}];
  ++use.requests;
  use.received_tokens += record.input_tokens;
  use.returned_tokens += record.output_tokens;
  if (record.prefill_replica) add_prefill(record, tenant);
  if (record.scheduled == kNever) return;
  const std::uint64_t ready =
      record.hit_tokens + record.host_hit_tokens + record.storage_hit_tokens + record.pulled_tokens;
  use.computed_tokens += less(record.input_tokens, ready) + record.recomputed_tokens + record.output_tokens;
  use.held_tokens += std::uint64_t{record.input_tokens} + record.output_tokens;
}

void DataLedger::add_prefill(const RequestRecord& record, std::uint32_t tenant) {
  const std::uint32_t prefill = pool_of_replica_[*record.prefill_replica];
  PoolUse& use = uses_[{tenant, prefill}];
  ++use.requests;
  use.received_tokens += record.input_tokens;
  use.computed_tokens += record.input_tokens;
  use.held_tokens += record.input_tokens;
  pulled_[{tenant, prefill, pool_of_replica_[record.replica]}] += record.pulled_tokens;
}

void DataLedger::on_tenant_kv(std::uint32_t replica, const std::vector<TenantKv>& moved) {
  for (std::uint32_t tenant = 0; tenant < moved.size(); ++tenant) {
    TenantKv& sum = moved_[{tenant, pool_of_replica_[replica]}];
    sum.to_host_bytes += moved[tenant].to_host_bytes;
    sum.to_gpu_bytes += moved[tenant].to_gpu_bytes;
    sum.storage_written_bytes += moved[tenant].storage_written_bytes;
    sum.storage_read_bytes += moved[tenant].storage_read_bytes;
  }
}

}  // namespace kvsim::sim
