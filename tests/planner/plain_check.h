// SPDX-License-Identifier: Apache-2.0
// Does a choice keep every constraint? Written out constraint by constraint, for random worlds, without
// anything that the program is built from but the totals of the fleet's cost.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "tests/planner/random_world.h"

namespace kvsim::planner {

class PlainCheck {
 public:
  explicit PlainCheck(const RandomWorld& world) : world_(world), problem_(world.problem) {}

  bool keeps_all(const FleetChoice& choice) const {
    return keeps_constraints(choice) && is_tidy(choice) && carries(choice.servers, 1) &&
           survives(choice.servers);
  }

  // All but what is spare and how much of the demand is carried.
  bool keeps_constraints(const FleetChoice& choice) const {
    for (std::size_t site = 0; site < problem_.sites.size(); ++site) {
      if (!keeps_site(choice, site)) return false;
    }
    return keeps_stock(choice) && keeps_vendors(choice) && keeps_totals(choice) && mounts_exist(choice) &&
           serves_all(choice);
  }

 private:
  const ServerOption& server(std::size_t option) const {
    return problem_.servers[world_.options.pools[option].server];
  }
  bool is_at(std::size_t option, std::size_t site) const { return world_.options.pools[option].site == site; }
  static double watts_of(const ServerOption& server) {
    return server.base_watts + server.accelerators * server.accelerator_peak_watts;
  }
  static double rack_of(const PlannedSite& site, const ServerOption& server) {
    double fit = std::floor(site.rack.rack_units / server.rack_units);
    if (site.rack.watts > 0) fit = std::min(fit, std::floor(site.rack.watts / watts_of(server)));
    return fit;
  }

  bool keeps_site(const FleetChoice& choice, std::size_t index) const {
    const PlannedSite& site = problem_.sites[index];
    double watts = 0, units = 0;
    bool in_use = false;
    for (std::size_t option = 0; option < choice.servers.size(); ++option) {
      const std::uint32_t count = choice.servers[option];
      if (count == 0 || !is_at(option, index)) continue;
      in_use = true;
      const double fit = rack_of(site, server(option));
      if (fit == 0) return false;
      const bool by_watts = fit < std::floor(site.rack.rack_units / server(option).rack_units);
      units += count * (by_watts ? site.rack.rack_units / fit : server(option).rack_units);
      watts += count * watts_of(server(option));
    }
    if (!choice.storage.empty() && choice.storage[0] && problem_.storage[0].site == site.name) {
      in_use = true;
      units += problem_.storage[0].sizes[*choice.storage[0]].rack_units;
      watts += problem_.storage[0].sizes[*choice.storage[0]].watts;
    }
    if (in_use) watts += problem_.finance.router_hosts_per_site * problem_.finance.router_host_watts;
    const double cap = *std::min_element(site.watts_by_hour.values.begin(), site.watts_by_hour.values.end());
    return !(site.watts && watts * site.pue > *site.watts) && !(cap > 0 && watts * site.pue > cap) &&
           !(site.cooling_watts && watts > *site.cooling_watts) &&
           !(site.rack_units && units > *site.rack_units);
  }

  bool keeps_stock(const FleetChoice& choice) const {
    for (std::size_t index = 0; index < problem_.servers.size(); ++index) {
      double bought = 0;
      for (std::size_t site = 0; site < problem_.sites.size(); ++site) {
        double needed = 0;
        for (std::size_t option = 0; option < choice.servers.size(); ++option) {
          if (is_at(option, site) && world_.options.pools[option].server == index)
            needed += choice.servers[option];
        }
        for (const InstalledServers& installed : problem_.sites[site].installed) {
          if (installed.server == problem_.servers[index].name) needed -= installed.count;
        }
        bought += std::max(0.0, needed);
      }
      if (problem_.servers[index].stock && bought > *problem_.servers[index].stock) return false;
    }
    return true;
  }

  bool keeps_vendors(const FleetChoice& choice) const {
    double all = 0;
    std::map<std::string, double> by_vendor;
    for (std::size_t option = 0; option < choice.servers.size(); ++option) {
      if (choice.servers[option] == 0) continue;
      by_vendor[server(option).vendor] += choice.servers[option] * server(option).accelerators;
      all += choice.servers[option] * server(option).accelerators;
    }
    for (const auto& [vendor, count] : by_vendor) {
      if (count > problem_.constraints.vendor_share.value_or(1) * all) return false;
    }
    return by_vendor.size() >= problem_.constraints.vendors.value_or(0);
  }

  bool keeps_totals(const FleetChoice& choice) const {
    const Constraints& most = problem_.constraints;
    const FleetCost cost = cost_of(problem_, world_.options.pools, choice, world_.watts);
    const auto keeps = [](const std::optional<double>& limit, double found) {
      return !limit || found <= *limit;
    };
    return keeps(most.tco, cost.tco) && keeps(most.capex, cost.capex) &&
           keeps(most.opex_per_year, cost.opex_per_year) && keeps(most.watts, cost.facility_watts_most) &&
           keeps(most.carbon_kg_per_year, cost.carbon_kg_per_year);
  }

  bool serves_all(const FleetChoice& choice) const {
    for (const DemandClass& demand : world_.options.demand) {
      bool served = false;
      for (const std::size_t option : demand.lawful) served |= choice.servers[option] > 0;
      if (!served) return false;
    }
    return true;
  }

  bool mounts_exist(const FleetChoice& choice) const {
    for (std::size_t option = 0; option < choice.servers.size(); ++option) {
      const auto& storage = world_.options.pools[option].storage;
      if (choice.servers[option] > 0 && storage && !choice.storage[*storage]) return false;
    }
    return true;
  }

  // No storage that nobody mounts.
  bool is_tidy(const FleetChoice& choice) const {
    for (std::size_t storage = 0; storage < choice.storage.size(); ++storage) {
      bool mounted = false;
      for (std::size_t option = 0; option < choice.servers.size(); ++option) {
        mounted |= choice.servers[option] > 0 && world_.options.pools[option].storage == storage;
      }
      if (choice.storage[storage] && !mounted) return false;
    }
    return true;
  }

  // Two parts at most. The first takes servers where it is cheap against the second until it is carried; the
  // second has the rest: by an exchange no other split carries more.
  template <class Count>
  bool carries(const std::vector<Count>& servers, double share) const {
    std::vector<std::vector<double>> parts;
    for (std::size_t i = 0; i < world_.load.seconds.size(); ++i) {
      for (std::vector<double> seconds : world_.load.seconds[i]) {
        for (std::size_t option = 0; option < seconds.size(); ++option) {
          const auto& lawful = world_.options.demand[i].lawful;
          if (std::find(lawful.begin(), lawful.end(), option) == lawful.end()) seconds[option] = kUnbounded;
        }
        parts.push_back(seconds);
      }
    }
    if (parts.size() == 1) parts.emplace_back(parts[0].size(), 0.0);
    std::vector<std::size_t> order(servers.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return ratio(parts[0][a], parts[1][a]) < ratio(parts[0][b], parts[1][b]);
    });
    double first = 1, second = 1;
    for (const std::size_t option : order) {
      double left = servers[option];
      if (std::isfinite(parts[0][option])) {
        const double taken = std::min(first, left / (share * parts[0][option]));
        first -= taken;
        left -= taken * share * parts[0][option];
      }
      if (parts[1][option] == 0) second = 0;
      if (std::isfinite(parts[1][option]) && second > 0) second -= left / (share * parts[1][option]);
    }
    return first <= 1e-9 && second <= 1e-9;
  }

  // Where the second cannot go, the first goes first; where the first cannot, order is of no matter.
  static double ratio(double first, double second) {
    if (!std::isfinite(second)) return -1;
    return std::isfinite(first) ? first / std::max(second, 1e-12) : kUnbounded;
  }

  bool survives(const std::vector<std::uint32_t>& servers) const {
    for (const Spare spare : problem_.constraints.spare) {
      const std::size_t losses = spare == Spare::kSite ? problem_.sites.size() : servers.size();
      for (std::size_t loss = 0; loss < losses; ++loss) {
        if (!carries(after(servers, spare, loss), world_.load.degraded_share)) return false;
      }
    }
    return true;
  }

  std::vector<double> after(const std::vector<std::uint32_t>& servers, Spare spare, std::size_t loss) const {
    std::vector<double> left(servers.begin(), servers.end());
    for (std::size_t option = 0; option < left.size(); ++option) {
      const PlannedSite& site = problem_.sites[world_.options.pools[option].site];
      if (spare == Spare::kSite && is_at(option, loss)) left[option] = 0;
      if (option != loss || spare == Spare::kSite) continue;
      const double lost = spare == Spare::kNode ? 1 : std::max(1.0, rack_of(site, server(option)));
      left[option] = std::max(0.0, left[option] - lost);
    }
    return left;
  }

  const RandomWorld& world_;
  const Problem& problem_;
};

}  // namespace kvsim::planner
