// SPDX-License-Identifier: Apache-2.0
#include "hardware-catalog/named.h"
#include "planner/nodes.h"
#include "planner/read_parts.h"

namespace kvsim::planner {
namespace {

constexpr double kUsualPricePerKwh = 0.15;
constexpr double kUsualCarbonPerKwh = 0.4;
constexpr double kUsualPue = 1.3;
constexpr double kUsualRackUnits = 42;
constexpr NumberRange kRackUnits{0, 1e7};

const std::vector<std::string> kFleetKeys{"name", "labels", "client_rtt", "rtt"};

RackLimits read_rack(Fields rack, Defaults& defaults) {
  RackLimits limits;
  limits.rack_units = defaults.number(rack, "rack_units", {0, 1e4, true}, kUsualRackUnits);
  limits.watts = defaults.limit(rack, "watts", read_watts(rack, "watts")).value_or(0);
  rack.finish();
  return limits;
}

std::vector<InstalledServers> read_installed(Fields& site, const std::vector<ServerOption>& servers) {
  std::vector<InstalledServers> installed;
  for (Fields& entry : site.maps("installed")) {
    InstalledServers some;
    some.server = entry.text("server");
    check_names(entry, "server", {some.server}, names_of(servers), "server");
    some.count = static_cast<std::uint32_t>(entry.integer("count", {1, 100'000}));
    some.remaining_years = entry.number("remaining_years", {0, 100});
    entry.finish();
    installed.push_back(some);
  }
  return installed;
}

void read_limits(Fields& fields, Defaults& defaults, PlannedSite& site) {
  site.watts = defaults.limit(fields, "watts", read_watts(fields, "watts"));
  site.watts_by_hour =
      defaults.limit(fields, "watts_by_hour", read_hourly_watts(fields, "watts_by_hour")).value_or(Hourly{});
  site.cooling_watts = defaults.limit(fields, "cooling_watts", read_watts(fields, "cooling_watts"));
  site.rack_units = defaults.limit(fields, "rack_units", fields.maybe_number("rack_units", kRackUnits));
  site.rack = read_rack(fields.map("rack"), defaults);
  site.liquid_cooling = defaults.boolean(fields, "liquid_cooling", false);
}

PlannedSite read_site(Fields& fields, const Node& node, ProblemReading& reading) {
  PlannedSite site;
  Defaults& defaults = reading.defaults;
  site.fleet_site = with_keys(node, kFleetKeys);
  for (const std::string& key : kFleetKeys) fields.raw(key);
  site.name = text_of(node, "name");
  read_limits(fields, defaults, site);
  site.price_per_kwh = defaults.hourly(fields, "price_per_kwh", {-1e6, 1e6}, kUsualPricePerKwh);
  site.carbon_kg_per_kwh = defaults.hourly(fields, "carbon_kg_per_kwh", {0, 1e3}, kUsualCarbonPerKwh);
  site.pue = defaults.number(fields, "pue", {1, 100}, kUsualPue);
  site.price_per_rack_unit_year = defaults.number(fields, "price_per_rack_unit_year", kMoney, 0);
  site.installed = read_installed(fields, reading.problem.servers);
  fields.finish();
  return site;
}

PlannedSite only_site(Fields& root, ProblemReading& reading) {
  reading.defaults.tell(root, "sites", "one, local");
  Node node = empty_map();
  put(node, "name", text_node("local"));
  Fields fields(&node, root.file(), "sites[0]", reading.problems);
  return read_site(fields, node, reading);
}

}  // namespace

void read_sites(Fields& root, ProblemReading& reading) {
  std::vector<PlannedSite>& sites = reading.problem.sites;
  for (Entry& entry : entries(root, "sites")) sites.push_back(read_site(entry.fields, *entry.node, reading));
  if (sites.empty()) sites.push_back(only_site(root, reading));
}

}  // namespace kvsim::planner
