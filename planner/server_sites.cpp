// SPDX-License-Identifier: Apache-2.0
#include "planner/server_sites.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "planner/parts.h"

namespace kvsim::planner {
namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string server_path(std::size_t server, const char* key) {
  return fmt::format("servers[{}].{}", server, key);
}

// "memory size (recalled), peak power (...)"; empty: all are verified.
std::string unverified_figures(const Accelerator& accelerator) {
  std::vector<std::string> figures;
  const auto add = [&](const char* what, const Figure& figure) {
    if (figure.unverified) figures.push_back(fmt::format("{} ({})", what, figure.source));
  };
  add("memory size", accelerator.memory_bytes);
  add("memory bandwidth", accelerator.memory_bandwidth_bytes_per_second);
  add("bf16 rate", accelerator.rate(NumberType::kBf16).flops_per_second);
  add("peak power", accelerator.peak_watts);
  return join(figures, ", ");
}

std::uint32_t installed_at(const PlannedSite& site, const std::string& server) {
  std::uint32_t count = 0;
  for (const InstalledServers& some : site.installed)
    if (some.server == server) count += some.count;
  return count;
}

bool caps_by_hour(const PlannedSite& site) {
  return site.watts_by_hour.values.size() > 1 || site.watts_by_hour.lowest() > 0;
}

void bound(Room& room, double limit, double each, const std::string& path) {
  if (each <= 0) return;
  const double count = std::floor(limit / each * (1 + 1e-12));
  if (count >= room.servers) return;
  room = {static_cast<std::uint32_t>(std::max(0.0, count)), path};
}

}  // namespace

std::optional<Rejected> against_server(const Problem& problem, std::size_t index, const Catalog& catalog) {
  const ServerOption& server = problem.servers[index];
  const std::string what = "server " + server.name;
  if (has(problem.constraints.refused_vendors, server.vendor))
    return Rejected{what, "vendor " + server.vendor + " is refused", "constraints.refused_vendors"};
  const Accelerator* accelerator = catalog.find(server.accelerator);
  const std::string unverified =
      problem.accept_unverified || accelerator == nullptr ? "" : unverified_figures(*accelerator);
  if (unverified.empty()) return {};
  return Rejected{what, fmt::format("unverified in the catalog of {}: {}", server.accelerator, unverified),
                  server_path(index, "accelerator")};
}

std::optional<Rejected> against_site(const Problem& problem, std::size_t server_index,
                                     std::size_t site_index) {
  const ServerOption& server = problem.servers[server_index];
  const PlannedSite& site = problem.sites[site_index];
  const std::string what = fmt::format("server {} at {}", server.name, site.name);
  if (!server.sites.empty() && !has(server.sites, site.name))
    return Rejected{what, "its `sites` do not name it", server_path(server_index, "sites")};
  if (server.liquid_cooled && !site.liquid_cooling)
    return Rejected{what, "the site has no liquid cooling",
                    fmt::format("sites[{}].liquid_cooling", site_index)};
  const Room room = room_for(problem, server_index, site_index);
  if (room.servers > 0) return {};
  return Rejected{what, "no room for one server", room.path};
}

Room room_for(const Problem& problem, std::size_t server_index, std::size_t site_index) {
  const ServerOption& server = problem.servers[server_index];
  const PlannedSite& site = problem.sites[site_index];
  const double watts = nameplate_watts(server);
  const auto key = [&](const char* name) { return fmt::format("sites[{}].{}", site_index, name); };
  Room room{server.stock.value_or(0) + installed_at(site, server.name), server_path(server_index, "stock")};
  if (site.watts) bound(room, *site.watts, watts * site.pue, key("watts"));
  if (caps_by_hour(site)) bound(room, site.watts_by_hour.lowest(), watts * site.pue, key("watts_by_hour"));
  if (site.cooling_watts) bound(room, *site.cooling_watts, watts, key("cooling_watts"));
  if (site.rack_units) bound(room, *site.rack_units, server.rack_units, key("rack_units"));
  if (server.rack_units > site.rack.rack_units) room = {0, key("rack.rack_units")};
  if (site.rack.watts > 0 && watts > site.rack.watts) room = {0, key("rack.watts")};
  return room;
}

}  // namespace kvsim::planner
