// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.h"
#include "sim/kv/eviction_policies.h"
#include "sim/scenario/read_residency.h"
#include "sim/scenario/read_storage.h"
#include "sim/scenario/setting.h"
#include "sim/scenario/tier_names.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::sim {
namespace {

std::string seconds_text(Nanoseconds time) { return yaml_number(milliseconds_in_seconds(time)); }

std::string eviction_text(const StorageEviction& eviction) {
  return fmt::format("{{by: {}, policy: {}, above: {}, below: {}, every: {}}}", name(eviction.by),
                     eviction_policy_name(eviction.policy), yaml_number(eviction.above),
                     yaml_number(eviction.below), seconds_text(eviction.every));
}

std::string optional_text(const StorageSystemSettings& system) {
  std::string text;
  if (!system.local) text += fmt::format("    site: {}\n", yaml_text(system.site));
  if (system.retention.limit != kNever) {
    text += fmt::format("    retention: {{limit: {}, since: {}}}\n", seconds_text(system.retention.limit),
                        name(system.retention.since));
  }
  const std::string keys = system.key_per_tenant ? "tenant" : "shared";
  if (system.encryption_bytes_per_second > 0) {
    text += fmt::format("    encryption: {{bytes_per_second: {:.0f}, keys: {}}}\n",
                        system.encryption_bytes_per_second, keys);
  } else if (system.key_per_tenant) {
    text += fmt::format("    encryption: {{keys: {}}}\n", keys);
  }
  if (!system.labels.empty()) text += fmt::format("    labels: {}\n", labels_yaml(system.labels));
  if (system.endurance_bytes > 0) text += fmt::format("    endurance: {:.0f}\n", system.endurance_bytes);
  return text;
}

std::string system_text(const StorageSystemSettings& system) {
  return fmt::format(
             "  - name: {}\n    kind: {}\n    capacity: {}\n    read_bytes_per_second: {:.0f}\n"
             "    write_bytes_per_second: {:.0f}\n    operations_per_second: {}\n    latency: {}\n"
             "    eviction: {}\n",
             yaml_text(system.name), yaml_text(system.kind), system.capacity_bytes,
             system.read_bytes_per_second, system.write_bytes_per_second,
             yaml_number(system.operations_per_second), yaml_number(system.latency_seconds),
             eviction_text(system.eviction)) +
         optional_text(system);
}

std::string network_text(const Network& network) {
  std::string text;
  if (network.leaf) {
    text += fmt::format("  leaf: {{servers: {}, oversubscription: {}}}\n", network.leaf->servers_per_leaf,
                        yaml_number(network.leaf->oversubscription));
  }
  if (!network.site_links.empty()) text += "  site_links:\n";
  for (const SiteLink& link : network.site_links) {
    text += fmt::format("    - {{from: {}, to: {}, bytes_per_second: {:.0f}", yaml_text(link.from),
                        yaml_text(link.to), link.bytes_per_second);
    text += link.labels.empty() ? "}\n" : fmt::format(", labels: {}}}\n", labels_yaml(link.labels));
  }
  return text.empty() ? text : "network:\n" + text;
}

std::string erasure_text(const Erasure& erasure) {
  const std::string whose = erasure.tenant.empty() ? fmt::format("session: {}", erasure.session)
                                                   : "tenant: " + yaml_text(erasure.tenant);
  return fmt::format("  - {{at: {}, {}}}\n", seconds_text(erasure.at), whose);
}

}  // namespace

std::string storage_yaml(const Fleet& fleet) {
  std::string text;
  if (!fleet.storage.empty()) text += "storage:\n";
  for (const StorageSystemSettings& system : fleet.storage) text += system_text(system);
  text += network_text(fleet.network);
  if (!fleet.erasures.empty()) text += "erasures:\n";
  for (const Erasure& erasure : fleet.erasures) text += erasure_text(erasure);
  return text;
}

}  // namespace kvsim::sim
