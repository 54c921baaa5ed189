// SPDX-License-Identifier: Apache-2.0
#include "planner/output/kv_transfer.h"

#include <fmt/format.h>

#include <sstream>

#include "base/json_writer.h"
#include "base/text.h"
#include "sim/kv/eviction_policies.h"

namespace kvsim::planner {
namespace {

void add_host(JsonWriter& json, const sim::HostTierSettings& host) {
  json.member("cpu_bytes_to_use", host.capacity_bytes);
  json.member("eviction_policy", sim::eviction_policy_name(host.eviction));
}

void add_backend(JsonWriter& json, const sim::Pool& pool, const std::string& path) {
  const sim::StorageMountSettings& mount = *pool.tiers.storage;
  json.member("spec_name", "SharedStorageOffloadingSpec").member("spec_module_path", "llmd_fs_backend.spec");
  json.member("shared_storage_path", path).member("threads_per_gpu", mount.threads);
  json.member("read_preferring_ratio", mount.read_preferring);
  json.member("max_staging_memory_gb", static_cast<double>(pool.tier_choices.staging_bytes) / 1e9);
}

void add_tiering(JsonWriter& json, const sim::Pool& pool, const std::string& path) {
  json.member("spec_name", "TieringOffloadingSpec");
  add_host(json, *pool.tiers.host);
  json.key("secondary_tiers").begin_array().begin_object().member("type", "fs").member("root_dir", path);
  json.member("n_threads", pool.tiers.storage->threads).end_object().end_array();
}

void add_hand_over(JsonWriter& json) {
  json.begin_object().member("kv_connector", "NixlConnector").member("kv_role", "kv_both").end_object();
}

void add_offloading(JsonWriter& json, const sim::Pool& pool, const std::string& path) {
  json.begin_object().member("kv_connector", "OffloadingConnector").member("kv_role", "kv_both");
  json.key("kv_connector_extra_config").begin_object();
  if (pool.tiers.host && pool.tiers.storage)
    add_tiering(json, pool, path);
  else if (pool.tiers.storage)
    add_backend(json, pool, path);
  else
    add_host(json, *pool.tiers.host);
  json.member("block_size", pool.tiers.block_tokens).member("offload_prompt_only", pool.tiers.prompt_only);
  json.end_object().end_object();
}

void add_both(JsonWriter& json, const sim::Pool& pool, const std::string& path) {
  json.begin_object().member("kv_connector", "MultiConnector").member("kv_role", "kv_both");
  json.key("kv_connector_extra_config").begin_object().key("connectors").begin_array();
  add_hand_over(json);
  add_offloading(json, pool, path);
  json.end_array().end_object().end_object();
}

std::string transfer_config(const sim::Pool& pool, const std::string& path) {
  std::ostringstream text;
  JsonWriter json(text, 0);
  if (pool.role == sim::PoolRole::kBoth)
    add_offloading(json, pool, path);
  else if (pool.tiers.any())
    add_both(json, pool, path);
  else
    add_hand_over(json);
  return std::string(trim(text.str()));
}

}  // namespace

void add_transfers(const sim::Pool& pool, const std::vector<sim::StorageSystemSettings>& storage,
                   VllmLaunch& launch) {
  const sim::KvTierSettings& tiers = pool.tiers;
  if (!tiers.any() && pool.role == sim::PoolRole::kBoth) return;
  const std::string path = tiers.storage ? "/mnt/kv/" + storage[tiers.storage->system].name : "";
  launch.flags.push_back("--kv-transfer-config=" + transfer_config(pool, path));
  if (pool.tier_choices.hash_seed) launch.hash_seed = fmt::format("{}", *pool.tier_choices.hash_seed);
  if (tiers.host && tiers.host->retention.limit != kNever) launch.unsaid.emplace_back("kv.host.retention");
  if (pool.tier_choices.kernel_copies) launch.unsaid.emplace_back("kv.copies");
}

}  // namespace kvsim::planner
