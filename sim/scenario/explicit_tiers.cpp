// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sim/kv/eviction_policies.h"
#include "sim/scenario/resolve_tiers.h"

namespace kvsim::sim {
namespace {

std::optional<std::uint64_t> amount(double bytes) {
  return bytes > 0 ? std::optional(static_cast<std::uint64_t>(bytes)) : std::nullopt;
}

KvHostSpec host_spec(const HostTierSettings& host, const TierChoices& choices) {
  KvHostSpec spec;
  spec.capacity.value = host.capacity_bytes;
  spec.eviction.value = eviction_policy_name(host.eviction);
  spec.bytes_per_second.value = amount(choices.host_bytes_per_second);
  spec.encryption_bytes_per_second.value = amount(choices.host_encryption_bytes_per_second);
  if (host.retention.limit == kNever) return spec;
  spec.retention_limit.value = milliseconds_in_seconds(host.retention.limit);
  spec.retention_since.value = name(host.retention.since);
  return spec;
}

KvStorageSpec mount_spec(const StorageMountSettings& mount, const TierChoices& choices,
                         const std::string& system) {
  KvStorageSpec spec;
  spec.system.value = system;
  spec.threads.value = mount.threads;
  spec.read_preferring.value = mount.read_preferring;
  spec.thread_bytes_per_second.value = amount(choices.thread_copy_bytes_per_second);
  spec.lookup.value = mount.lookup_seconds;
  spec.queue_limit.value = mount.queue_limit_seconds;
  spec.job_is_one_task.value = mount.job_is_one_task;
  if (choices.staging_bytes > 0) spec.staging.value = choices.staging_bytes;
  return spec;
}

}  // namespace

KvSpec kv_spec(const Pool& pool, const std::vector<StorageSystemSettings>& storage) {
  KvSpec spec;
  const KvTierSettings& tiers = pool.tiers;
  const TierChoices& choices = pool.tier_choices;
  if (!tiers.any()) return spec;
  spec.block_tokens.value = tiers.block_tokens;
  spec.prompt_only.value = tiers.prompt_only;
  spec.waits_for_pending.value = tiers.waits_for_pending;
  spec.reloads_preempted.value = tiers.reloads_preempted;
  spec.hash_seed.value = choices.hash_seed ? fmt::format("{}", *choices.hash_seed) : "random";
  spec.copies.value = choices.kernel_copies ? "kernel" : "dma";
  spec.copy_interference.value = tiers.copy_interference;
  if (tiers.host) spec.host = host_spec(*tiers.host, choices);
  if (tiers.storage) spec.storage = mount_spec(*tiers.storage, choices, storage[tiers.storage->system].name);
  return spec;
}

}  // namespace kvsim::sim
