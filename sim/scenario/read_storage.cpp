// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/read_storage.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sim/kv/eviction_policies.h"
#include "sim/scenario/read_residency.h"
#include "sim/scenario/setting_reader.h"
#include "sim/scenario/tier_names.h"
#include "sim/scenario/unique_name.h"

namespace kvsim::sim {
namespace {

constexpr NumberRange kOperations{0, 1e15, true};

Nanoseconds read_time(Fields& fields, std::string_view key, Nanoseconds fallback) {
  const auto seconds = read_duration(fields, key);
  return seconds ? whole_milliseconds(*seconds) : fallback;
}

double required_rate(Fields& fields, std::string_view key) {
  if (!fields.has(key)) return static_cast<double>(fields.bytes(key));  // which reports it as missing
  return static_cast<double>(read_bytes(fields, key).value_or(1));
}

StorageEviction read_eviction(Fields eviction, const StorageKind& kind) {
  StorageEviction read;
  read.by = evictor(eviction.choice("by", evictor_names(), kind.evicted_by));
  read.policy = parse_eviction_policy(
      eviction.choice("policy", eviction_policy_names(), eviction_policy_name(read.policy)), "policy");
  read.above = eviction.number("above", {0, 1, true}, read.above);
  read.below = eviction.number("below", {0, 1}, read.below);
  if (read.above <= read.below) {
    eviction.problem(eviction.has("above") ? "above" : "below",
                     fmt::format("deleting starts above {} and ends below {}", read.above, read.below),
                     "give above > below, such as above: 0.9, below: 0.8");
  }
  read.every = read_time(eviction, "every", 60 * kNanosecondsPerSecond);
  if (read.every <= 0)
    eviction.problem("every", "found less than a millisecond", "give a duration such as 60s");
  eviction.finish();
  return read;
}

Retention read_retention(Fields retention) {
  Retention read;
  read.limit = read_time(retention, "limit", kNever);
  if (read.limit <= 0)
    retention.problem("limit", "found less than a millisecond", "give a duration such as 24h");
  read.since = retention_since(retention.choice("since", retention_names(), name(read.since)));
  if (retention.has("since") && !retention.has("limit"))
    retention.problem("since", "stands without a limit", "add `limit:`, or leave it out");
  retention.finish();
  return read;
}

void read_encryption(Fields encryption, StorageSystemSettings& system) {
  system.encryption_bytes_per_second =
      static_cast<double>(read_bytes(encryption, "bytes_per_second").value_or(0));
  system.key_per_tenant = encryption.choice("keys", {"shared", "tenant"}, "shared") == "tenant";
  encryption.finish();
}

class SystemReader {
 public:
  SystemReader(const Catalog& catalog, const std::vector<Site>& sites, std::vector<Validity>& validity)
      : catalog_(catalog), sites_(sites), validity_(validity) {
    for (const auto& [name, kind] : catalog.storage_kinds()) kinds_.push_back(name);
  }

  StorageSystemSettings read(Fields& entry, const std::vector<StorageSystemSettings>& before) {
    StorageSystemSettings system;
    system.name = unique_name(entry, before);
    system.kind = entry.choice("kind", kinds_);
    const auto found = catalog_.storage_kinds().find(system.kind);
    const StorageKind kind = found == catalog_.storage_kinds().end() ? StorageKind() : found->second;
    system.local = kind.local;
    system.site = read_site(entry, system);
    system.capacity_bytes = static_cast<std::uint64_t>(required_rate(entry, "capacity"));
    system.read_bytes_per_second = required_rate(entry, "read_bytes_per_second");
    system.write_bytes_per_second = required_rate(entry, "write_bytes_per_second");
    read_defaulted(entry, kind, system);
    system.eviction = read_eviction(entry.map("eviction"), kind);
    system.retention = read_retention(entry.map("retention"));
    read_encryption(entry.map("encryption"), system);
    system.labels = read_labels(entry.map("labels"));
    system.endurance_bytes = static_cast<double>(read_bytes(entry, "endurance").value_or(0));
    entry.finish();
    return system;
  }

 private:
  std::string read_site(Fields& entry, const StorageSystemSettings& system) {
    const std::string site = entry.text("site", "");
    const std::vector<std::string> names = names_of(sites_);
    if (system.local) {
      if (!site.empty())
        entry.problem("site", fmt::format("{} is in each server", system.kind), "leave the key out");
      return "";
    }
    if (site.empty() && sites_.size() > 1)
      entry.problem("", "no site, and the fleet has several", valid_names_remedy("", names));
    if (!site.empty() && std::find(names.begin(), names.end(), site) == names.end())
      entry.problem("site", fmt::format("unknown site '{}'", site), valid_names_remedy(site, names));
    return site.empty() ? sites_.front().name : site;
  }

  void read_defaulted(Fields& entry, const StorageKind& kind, StorageSystemSettings& system) {
    const auto operations = entry.maybe_number("operations_per_second", kOperations);
    if (!operations) note(system, "operations_per_second", kind.operations_per_second);
    system.operations_per_second = operations.value_or(kind.operations_per_second.value);
    const auto latency = read_duration(entry, "latency");
    if (!latency) note(system, "latency", kind.latency_seconds);
    system.latency_seconds = latency.value_or(kind.latency_seconds.value);
  }

  void note(const StorageSystemSettings& system, const std::string& key, const Figure& figure) {
    if (!figure.unverified) return;
    validity_.push_back(
        {fmt::format("storage {}: {}", system.name, key),
         fmt::format("{} is the unverified default of {}: {}", figure.value, system.kind, figure.source)});
  }

  const Catalog& catalog_;
  const std::vector<Site>& sites_;
  std::vector<Validity>& validity_;
  std::vector<std::string> kinds_;
};

std::string known_site(Fields& entry, std::string_view key, const std::vector<Site>& sites) {
  const std::string site = entry.text(key);
  const std::vector<std::string> names = names_of(sites);
  if (!site.empty() && std::find(names.begin(), names.end(), site) == names.end())
    entry.problem(key, fmt::format("unknown site '{}'", site), valid_names_remedy(site, names));
  return site;
}

SiteLink read_site_link(Fields& entry, const std::vector<Site>& sites, const std::vector<SiteLink>& before) {
  SiteLink link{known_site(entry, "from", sites), known_site(entry, "to", sites),
                required_rate(entry, "bytes_per_second"), read_labels(entry.map("labels"))};
  if (link.from == link.to && !link.from.empty())
    entry.problem("to", "leads to the site that it comes from", "name two sites");
  const bool is_again = std::any_of(before.begin(), before.end(), [&](const SiteLink& other) {
    return other.from == link.from && other.to == link.to;
  });
  if (is_again)
    entry.problem("", fmt::format("a second link from {} to {}", link.from, link.to), "keep one of them");
  entry.finish();
  return link;
}

Erasure read_erasure(Fields& entry, const std::vector<Tenant>& tenants) {
  Erasure erasure;
  if (!entry.has("at")) entry.duration_seconds("at");  // which reports it as missing
  erasure.at = read_time(entry, "at", 0);
  erasure.tenant = entry.text("tenant", "");
  const auto session = entry.maybe_integer("session", {});
  erasure.session = static_cast<std::uint64_t>(session.value_or(0));
  if (entry.has("tenant") == entry.has("session"))
    entry.problem("", "an erasure is of one tenant or of one session", "give `tenant:` or `session:`");
  const std::vector<std::string> names = names_of(tenants);
  if (entry.has("tenant") && std::find(names.begin(), names.end(), erasure.tenant) == names.end()) {
    entry.problem("tenant", fmt::format("unknown tenant '{}'", erasure.tenant),
                  names.empty() ? "declare it under `tenants`" : valid_names_remedy(erasure.tenant, names));
  }
  entry.finish();
  return erasure;
}

}  // namespace

std::vector<StorageSystemSettings> read_storage(Fields& root, const Catalog& catalog,
                                                const std::vector<Site>& sites,
                                                std::vector<Validity>& validity) {
  SystemReader reader(catalog, sites, validity);
  std::vector<StorageSystemSettings> systems;
  for (Fields& entry : root.maps("storage")) systems.push_back(reader.read(entry, systems));
  return systems;
}

Network read_network(Fields& root, const std::vector<Site>& sites) {
  Network network;
  Fields fields = root.map("network");
  Fields leaf = fields.map("leaf");
  if (leaf.present()) {
    network.leaf = LeafSpine{static_cast<std::uint32_t>(leaf.integer("servers", {1, 100'000})),
                             leaf.number("oversubscription", {1, 1e6}, 1)};
    leaf.finish();
  }
  for (Fields& entry : fields.maps("site_links"))
    network.site_links.push_back(read_site_link(entry, sites, network.site_links));
  fields.finish();
  return network;
}

std::vector<Erasure> read_erasures(Fields& root, const std::vector<Tenant>& tenants) {
  std::vector<Erasure> erasures;
  for (Fields& entry : root.maps("erasures")) erasures.push_back(read_erasure(entry, tenants));
  std::stable_sort(erasures.begin(), erasures.end(),
                   [](const Erasure& a, const Erasure& b) { return a.at < b.at; });
  return erasures;
}

}  // namespace kvsim::sim
