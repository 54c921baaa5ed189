// SPDX-License-Identifier: Apache-2.0
#include "planner/fleet_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace kvsim::planner {
namespace {

// Builds rules over the parts of one problem.
class Rules {
 public:
  Rules(const Problem& problem, const std::vector<PoolOption>& pools) : problem_(problem), pools_(pools) {
    for (std::size_t server = 0; server < problem.servers.size(); ++server) add_stock(server);
    for (std::size_t site = 0; site < problem.sites.size(); ++site) add_site(site);
    add_vendor_shares();
  }

  std::vector<Rule> take() { return std::move(rules_); }

 private:
  Rule& add(std::string path, std::string what, std::string unit, double most) {
    rules_.push_back(
        {std::move(path), std::move(what), std::move(unit), shaped_parts<double>(problem_, pools_), most});
    return rules_.back();
  }

  // What each server of an option weighs, where `applies` says so.
  template <class Applies, class Weight>
  void weigh_servers(Quantities& weights, const Applies& applies, const Weight& weight) {
    for (std::size_t option = 0; option < pools_.size(); ++option) {
      if (applies(pools_[option])) weights.server[option] = weight(problem_.servers[pools_[option].server]);
    }
  }

  template <class Weight>
  void weigh_storage(Quantities& weights, std::size_t site, const Weight& weight) {
    for (std::size_t option = 0; option < problem_.storage.size(); ++option) {
      const StorageOption& storage = problem_.storage[option];
      if (storage.site != problem_.sites[site].name) continue;
      for (std::size_t size = 0; size < storage.sizes.size(); ++size) {
        weights.storage[option][size] = weight(storage.sizes[size]);
      }
    }
  }

  void add_stock(std::size_t server) {
    const ServerOption& option = problem_.servers[server];
    if (!option.stock) return;
    Rule& rule = add(fmt::format("servers[{}].stock", server), fmt::format("{} to be had", option.name),
                     "servers", *option.stock);
    weigh_servers(
        rule.weights, [&](const PoolOption& pool) { return pool.server == server; },
        [](const ServerOption&) { return 1.0; });
    for (std::size_t site = 0; site < problem_.sites.size(); ++site) {
      const auto& installed = problem_.sites[site].installed;
      for (std::size_t entry = 0; entry < installed.size(); ++entry) {
        if (installed[entry].server == option.name) rule.weights.installed[site][entry] = -1;
      }
    }
  }

  void add_site_power(std::size_t site, const char* key, const char* what, double factor, double most) {
    Rule& rule = add(fmt::format("sites[{}].{}", site, key),
                     fmt::format("{} of site {}", what, problem_.sites[site].name), "W", most);
    weigh_servers(
        rule.weights, [&](const PoolOption& pool) { return pool.site == site; },
        [&](const ServerOption& server) { return factor * nameplate_watts(server); });
    weigh_storage(rule.weights, site, [&](const StorageSize& size) { return factor * size.watts; });
    const Finance& finance = problem_.finance;
    rule.weights.site[site] = factor * finance.router_hosts_per_site * finance.router_host_watts;
  }

  void add_rack_units(std::size_t site) {
    const PlannedSite& place = problem_.sites[site];
    Rule& rule = add(fmt::format("sites[{}].rack_units", site), fmt::format("space of site {}", place.name),
                     "rack units", *place.rack_units);
    weigh_servers(
        rule.weights, [&](const PoolOption& pool) { return pool.site == site; },
        [&](const ServerOption& server) { return units_taken(place, server); });
    weigh_storage(rule.weights, site, [](const StorageSize& size) { return size.rack_units; });
  }

  static double units_taken(const PlannedSite& site, const ServerOption& server) {
    const double fit = servers_per_rack(site, server);
    const bool by_height = fit == 0 || fit == std::floor(site.rack.rack_units / server.rack_units);
    return by_height ? server.rack_units : site.rack.rack_units / fit;
  }

  void add_racks(std::size_t site) {
    const PlannedSite& place = problem_.sites[site];
    const auto fits_none = [&](const PoolOption& pool) {
      return pool.site == site && servers_per_rack(place, problem_.servers[pool.server]) == 0;
    };
    if (std::none_of(pools_.begin(), pools_.end(), fits_none)) return;
    Rule& rule = add(fmt::format("sites[{}].rack", site),
                     fmt::format("servers that fit into no rack of site {}", place.name), "servers", 0);
    weigh_servers(rule.weights, fits_none, [](const ServerOption&) { return 1.0; });
  }

  void add_site(std::size_t site) {
    const PlannedSite& place = problem_.sites[site];
    if (place.watts) add_site_power(site, "watts", "power", place.pue, *place.watts);
    const bool is_capped = place.watts_by_hour.values.size() > 1 || place.watts_by_hour.lowest() > 0;
    if (is_capped) {
      add_site_power(site, "watts_by_hour", "power in the scarcest hour", place.pue,
                     place.watts_by_hour.lowest());
    }
    if (place.cooling_watts) add_site_power(site, "cooling_watts", "heat", 1, *place.cooling_watts);
    if (place.rack_units) add_rack_units(site);
    add_racks(site);
  }

  void add_vendor_shares() {
    if (!problem_.constraints.vendor_share) return;
    const auto count = [](const ServerOption& server) { return double(server.accelerators); };
    auto all = shaped_parts<double>(problem_, pools_);
    weigh_servers(
        all, [](const PoolOption&) { return true; }, count);
    std::set<std::string> vendors;
    for (const PoolOption& pool : pools_) vendors.insert(problem_.servers[pool.server].vendor);
    for (const std::string& vendor : vendors) {
      Rule& rule = add("constraints.vendor_share", fmt::format("share of {} in all accelerators", vendor), "",
                       *problem_.constraints.vendor_share);
      const auto is_vendors = [&](const PoolOption& pool) {
        return problem_.servers[pool.server].vendor == vendor;
      };
      weigh_servers(rule.weights, is_vendors, count);
      rule.whole = all;
    }
  }

  const Problem& problem_;
  const std::vector<PoolOption>& pools_;
  std::vector<Rule> rules_;
};

}  // namespace

double servers_per_rack(const PlannedSite& site, const ServerOption& server) {
  const double by_height = std::floor(site.rack.rack_units / server.rack_units);
  if (site.rack.watts == 0) return by_height;
  return std::min(by_height, std::floor(site.rack.watts / nameplate_watts(server)));
}

std::vector<Rule> fleet_rules(const Problem& problem, const std::vector<PoolOption>& pools) {
  return Rules(problem, pools).take();
}

std::vector<TotalLimit> total_limits(const Problem& problem) {
  const Constraints& limits = problem.constraints;
  std::vector<TotalLimit> all;
  const auto add = [&](const char* key, const char* what, const std::string& unit, double Totals::*total,
                       const std::optional<double>& most) {
    if (most) all.push_back({std::string("constraints.") + key, what, unit, total, *most});
  };
  const std::string& money = problem.currency;
  add("tco", "total cost of ownership", money, &Totals::tco, limits.tco);
  add("capex", "capex", money, &Totals::capex, limits.capex);
  add("opex_per_year", "opex", money + " a year", &Totals::opex_per_year, limits.opex_per_year);
  add("watts", "facility power", "W", &Totals::facility_watts_most, limits.watts);
  add("carbon_kg_per_year", "carbon", "kg a year", &Totals::carbon_kg_per_year, limits.carbon_kg_per_year);
  return all;
}

Rule rule_of(const TotalLimit& limit, const UnitCosts& units) {
  auto weights = mapped_parts<double>(units, [&](const Totals& unit) { return unit.*limit.total; });
  return {limit.path, limit.what, limit.unit, std::move(weights), limit.most};
}

Row row_of(const Rule& rule, const Parts<std::size_t>& columns) {
  Row row{.name = rule.what, .rule = rule.path};
  Quantities weights = rule.weights;
  if (rule.whole) {
    for_each_part(weights, *rule.whole, [&](double& weight, double whole) { weight -= rule.most * whole; });
  }
  for_each_part(weights, columns, [&](double weight, std::size_t column) {
    if (weight != 0) row.terms.emplace_back(column, weight);
  });
  row.high = rule.whole ? 0 : rule.most;
  return row;
}

}  // namespace kvsim::planner
