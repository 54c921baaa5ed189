// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/read_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/latency_limit.h"
#include "base/text.h"
#include "sim/scenario/isolation_names.h"
#include "sim/scenario/read_residency.h"
#include "sim/scenario/unique_name.h"

namespace kvsim::sim {
namespace {

constexpr double kLongestRttSeconds = 3600;

double rtt_seconds(Fields& fields, std::string_view key) {
  const double seconds = fields.duration_seconds(key, 0.0);
  if (seconds > kLongestRttSeconds)
    fields.problem(key, "more than an hour", "give a round-trip time such as 12ms");
  return seconds;
}

Site read_site(Fields& entry, const std::vector<Site>& before) {
  Site site;
  site.name = unique_name(entry, before);
  site.labels = read_labels(entry.map("labels"));
  site.client_rtt_seconds = rtt_seconds(entry, "client_rtt");
  Fields rtt = entry.map("rtt");
  for (const std::string& other : rtt.keys()) site.site_rtt_seconds[other] = rtt_seconds(rtt, other);
  entry.finish();
  return site;
}

Site* find_site(std::vector<Site>& sites, const std::string& name) {
  const auto found =
      std::find_if(sites.begin(), sites.end(), [&](const Site& site) { return site.name == name; });
  return found == sites.end() ? nullptr : &*found;
}

// A round trip is the same both ways: what one site says holds for the other, and they must not disagree.
void mirror_rtt(std::vector<Site>& sites, Fields& root) {
  for (std::size_t i = 0; i < sites.size(); ++i) {
    for (const auto& [other_name, seconds] : std::map(sites[i].site_rtt_seconds)) {
      Site* other = find_site(sites, other_name);
      if (other == nullptr || other == &sites[i]) {
        root.problem("sites", fmt::format("site {} names an RTT to '{}'", sites[i].name, other_name),
                     valid_names_remedy(other_name, names_of(sites)));
        continue;
      }
      const auto [mine, added] = other->site_rtt_seconds.emplace(sites[i].name, seconds);
      if (!added && mine->second != seconds) {
        root.problem("sites",
                     fmt::format("{} and {} disagree on the RTT between them", sites[i].name, other_name),
                     "give it once, or the same twice");
      }
    }
  }
}

void note_unknown_rtt(std::vector<Site>& sites, std::vector<Validity>& validity) {
  for (std::size_t i = 0; i < sites.size(); ++i) {
    for (std::size_t j = i + 1; j < sites.size(); ++j) {
      if (sites[i].site_rtt_seconds.contains(sites[j].name)) continue;
      validity.push_back({fmt::format("sites {} and {}", sites[i].name, sites[j].name),
                          "no RTT between them is given; 0 is taken"});
      sites[i].site_rtt_seconds[sites[j].name] = sites[j].site_rtt_seconds[sites[i].name] = 0;
    }
  }
}

}  // namespace

std::vector<Site> read_sites(Fields& root, std::vector<Validity>& validity) {
  std::vector<Site> sites;
  for (Fields& entry : root.maps("sites")) sites.push_back(read_site(entry, sites));
  mirror_rtt(sites, root);
  note_unknown_rtt(sites, validity);
  if (sites.empty()) sites.push_back({.name = "local", .labels = {}, .site_rtt_seconds = {}});
  return sites;
}

std::vector<Server> read_servers(Fields& root, const Catalog& catalog) {
  std::vector<Server> servers;
  for (Fields& entry : root.maps("servers")) {
    Server server;
    server.name = unique_name(entry, servers);
    const std::string accelerator = entry.text("accelerator");
    const Accelerator* known = catalog.find(accelerator);
    if (known != nullptr) server.accelerator = known->name;
    if (known == nullptr && !accelerator.empty()) {
      entry.problem("accelerator", fmt::format("unknown accelerator '{}'", accelerator),
                    valid_names_remedy(accelerator, catalog.names()));
    }
    server.accelerators = static_cast<std::uint32_t>(entry.integer("accelerators", {1, 1024}));
    server.host_memory_bytes = entry.bytes("host_memory", 0);
    server.nics = static_cast<std::uint32_t>(entry.integer("nics", {0, 1024}, 0));
    server.nic_bytes_per_second = static_cast<double>(entry.bytes("nic_bytes_per_second", 0));
    entry.finish();
    servers.push_back(server);
  }
  return servers;
}

void read_models(Fields& root, FleetContext& context) {
  for (Fields& entry : root.maps("models")) {
    const std::string name = entry.text("name");
    const std::string config = entry.text("config");
    entry.finish();
    if (name.empty() || config.empty()) continue;
    const std::string path = context.path_of(config);
    const auto card = read_model_config(path, name, context.problems);
    if (card && !context.models.emplace(name, NamedModel{*card, path}).second) {
      entry.problem("name", fmt::format("'{}' stands here a second time", name),
                    "give each model its own name");
    }
  }
}

std::vector<SloClass> read_slo_classes(Fields& root) {
  std::vector<SloClass> classes;
  for (Fields& entry : root.maps("slo_classes")) {
    SloClass slo;
    slo.name = unique_name(entry, classes);
    for (const char* metric : {"ttft", "tpot", "e2e"}) {
      const auto limit = read_latency_limit_seconds(entry, metric, metric);
      if (limit && *limit <= 0) entry.problem(metric, "found a limit of 0", "give a duration such as 500ms");
      if (limit) slo.objectives.push_back({metric, *limit});
    }
    slo.priority = static_cast<std::int32_t>(entry.integer("priority", {-1000, 1000}, 0));
    if (const auto priority = entry.maybe_integer("objective_priority", {-1'000'000, 1'000'000}))
      slo.objective_priority = static_cast<std::int32_t>(*priority);
    entry.finish();
    classes.push_back(slo);
  }
  return classes;
}

std::vector<Tenant> read_tenants(Fields& root, const std::vector<SloClass>& classes,
                                 const ResidencyPolicy& default_residency) {
  std::vector<Tenant> tenants;
  const std::vector<std::string> names = names_of(classes);
  for (Fields& entry : root.maps("tenants")) {
    Tenant tenant;
    tenant.name = unique_name(entry, tenants);
    tenant.isolation = isolation(entry.choice("isolation", isolation_names(), name(tenant.isolation)));
    tenant.slo_class = entry.text("slo_class", "");
    if (!tenant.slo_class.empty() && std::find(names.begin(), names.end(), tenant.slo_class) == names.end()) {
      entry.problem(
          "slo_class", fmt::format("unknown class '{}'", tenant.slo_class),
          names.empty() ? "declare it under `slo_classes`" : valid_names_remedy(tenant.slo_class, names));
    }
    Fields residency = entry.map("residency");
    tenant.residency = residency.present() ? read_residency(residency) : default_residency;
    tenant.models = entry.texts("models");
    entry.finish();
    tenants.push_back(tenant);
  }
  return tenants;
}

}  // namespace kvsim::sim
