// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/latency_limit.h"
#include "base/text.h"
#include "models/memory.h"
#include "sim/scenario/isolation_names.h"
#include "sim/scenario/load_fleet.h"
#include "sim/scenario/read_outages.h"
#include "sim/scenario/read_residency.h"
#include "sim/scenario/read_router.h"
#include "sim/scenario/read_storage.h"
#include "sim/scenario/resolve_pool.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::sim {
namespace {

constexpr double kGiB = 1024.0 * 1024 * 1024;

std::string quantity_map(const std::map<std::string, double>& values) {
  std::vector<std::string> members;
  for (const auto& [key, value] : values) members.push_back(yaml_text(key) + ": " + yaml_number(value));
  return fmt::format("{{{}}}", join(members, ", "));
}

std::string sites_yaml(const Fleet& fleet) {
  std::string text = "sites:  # round-trip times in seconds\n";
  for (const Site& site : fleet.sites) {
    text += fmt::format("  - {{name: {}, labels: {}, client_rtt: {}, rtt: {}}}\n", yaml_text(site.name),
                        labels_yaml(site.labels), yaml_number(site.client_rtt_seconds),
                        quantity_map(site.site_rtt_seconds));
  }
  return text;
}

std::string servers_yaml(const Fleet& fleet) {
  if (fleet.servers.empty()) return "servers: []\n";
  std::string text = "servers:\n";
  for (const Server& server : fleet.servers) {
    text += fmt::format(
        "  - {{name: {}, accelerator: {}, accelerators: {}, host_memory: {}, nics: {}, nic_bytes_per_second: "
        "{:.0f}}}\n",
        yaml_text(server.name), yaml_text(server.accelerator), server.accelerators, server.host_memory_bytes,
        server.nics, server.nic_bytes_per_second);
  }
  return text;
}

std::string models_yaml(const Fleet& fleet) {
  std::map<std::string, std::string> configs;
  for (const Pool& pool : fleet.pools) {
    if (!pool.model_config.empty()) configs[pool.model.name] = pool.model_config;
  }
  if (configs.empty()) return "models: []\n";
  std::string text = "models:\n";
  for (const auto& [name, config] : configs) {
    text += fmt::format("  - {{name: {}, config: {}}}\n", yaml_text(name), yaml_text(config));
  }
  return text;
}

std::string pool_comment(const Pool& pool) {
  const std::uint64_t tokens = pool.kv_blocks * pool.engine.block_size_tokens;
  const double gib = static_cast<double>(pool.kv_blocks) * pool.kv_bytes_per_block / kGiB;
  return fmt::format(
      "  # {}: {} usable KV blocks ({} tokens, {:.1f} GiB) and {:.1f} GiB of weights a replica; step times: "
      "{}\n",
      yaml_text(pool.name), pool.kv_blocks, tokens, gib,
      models::weight_bytes_per_rank(pool.model, pool.types, pool.tp) * pool.tp / kGiB,
      yaml_text(pool.profile));
}

std::string pools_yaml(const Fleet& fleet) {
  std::string text = "pools:\n";
  for (const Pool& pool : fleet.pools) {
    PoolSpec spec = explicit_spec(pool, fleet.storage);
    if (!fleet.outages.empty()) spec.startup_seconds.value = pool.startup_seconds;
    text += pool_comment(pool) + pool_spec_yaml(spec);
  }
  return text;
}

std::string slo_yaml(const Fleet& fleet) {
  if (fleet.slo_classes.empty()) return "slo_classes: []\n";
  std::string text = "slo_classes:  # limits in seconds\n";
  for (const SloClass& slo : fleet.slo_classes) {
    text += fmt::format("  - {{name: {}", yaml_text(slo.name));
    for (const SloObjective& objective : slo.objectives) {
      text += fmt::format(", {}: {}{}", objective.metric, yaml_number(objective.limit_seconds),
                          latency_limit_unit(objective.metric, objective.limit_seconds));
    }
    if (slo.objective_priority) text += fmt::format(", objective_priority: {}", *slo.objective_priority);
    text += fmt::format(", priority: {}}}\n", slo.priority);
  }
  return text;
}

std::string tenant_yaml(const Fleet& fleet, const Tenant& tenant) {
  std::string text =
      fmt::format("  - {{name: {}, isolation: {}", yaml_text(tenant.name), name(tenant.isolation));
  if (!tenant.slo_class.empty()) text += fmt::format(", slo_class: {}", yaml_text(tenant.slo_class));
  std::vector<std::string> models;
  for (const std::string& model : tenant.models) models.push_back(yaml_text(model));
  if (!models.empty()) text += fmt::format(", models: [{}]", join(models, ", "));
  if (fleet.default_residency.any() || tenant.residency.any())
    text += ",\n     residency: " + residency_yaml(tenant.residency);
  return text + "}\n";
}

std::string tenants_yaml(const Fleet& fleet) {
  std::string text;
  if (fleet.default_residency.any())
    text += fmt::format("default_residency: {}\n", residency_yaml(fleet.default_residency));
  if (fleet.tenants.empty()) return text + "tenants: []\n";
  text += "tenants:\n";
  for (const Tenant& tenant : fleet.tenants) text += tenant_yaml(fleet, tenant);
  return text;
}

// Where nothing is handed over it has no effect.
}  // namespace

std::string effective_yaml(const Fleet& fleet) {
  return fmt::format("name: {}\ncurrency: {}\n", yaml_text(fleet.name), yaml_text(fleet.currency)) +
         sites_yaml(fleet) + servers_yaml(fleet) + models_yaml(fleet) + storage_yaml(fleet) +
         pools_yaml(fleet) + router_yaml(fleet.router) + slo_yaml(fleet) + tenants_yaml(fleet) +
         outages_yaml(fleet);
}

}  // namespace kvsim::sim
