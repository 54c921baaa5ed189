// SPDX-License-Identifier: Apache-2.0
#include "planner/cost_lines.h"

#include <cmath>

namespace kvsim::planner {
namespace {

// The lines of one site.
class SiteLines {
 public:
  SiteLines(const Problem& problem, const std::vector<PoolOption>& pools, const Quantities& quantities,
            const FleetPower& power, std::size_t site, std::vector<CostLine>& lines)
      : problem_(problem),
        quantities_(quantities),
        power_(power),
        index_(site),
        site_(problem.sites[site]),
        lines_(lines),
        servers_(problem.servers.size()) {
    for (std::size_t option = 0; option < pools.size(); ++option) {
      if (pools[option].site == site) servers_[pools[option].server] += quantities.server[option];
    }
    bought_ = servers_;
    for (std::size_t entry = 0; entry < site_.installed.size(); ++entry) {
      bought_[server_index(problem, site_.installed[entry].server)] -= quantities.installed[site][entry];
    }
  }

  void add_all() {
    for (std::size_t server = 0; server < servers_.size(); ++server) {
      add_servers(problem_.servers[server], problem_.servers[server].name, bought_[server], 0);
    }
    for (std::size_t entry = 0; entry < site_.installed.size(); ++entry) add_installed(entry);
    for_each_storage([&](const StorageOption& option, const StorageSize& size, double count) {
      add({.kind = CostKind::kStorage,
           .item = option.name,
           .count = count,
           .purchase = count * size.purchase.value});
    });
    add_router_hosts();
    add_energy();
    add_space();
    add_support_and_licences();
  }

 private:
  void add(CostLine line) {
    if (line.count == 0 || (line.year > 0 && line.year >= problem_.finance.years)) return;
    line.site = site_.name;
    lines_.push_back(std::move(line));
  }

  void add_servers(const ServerOption& server, const std::string& item, double count, double year) {
    if (!server.purchase) {
      const double rent = server.rent_per_hour ? server.rent_per_hour->value * kHoursPerYear : 0;
      add({.kind = CostKind::kRent, .item = item, .count = count, .per_year = count * rent, .year = year});
      return;
    }
    const double purchase = count * server.purchase->value;
    add({.kind = CostKind::kServers, .item = item, .count = count, .purchase = purchase, .year = year});
    if (problem_.finance.network_share == 0) return;
    add({.kind = CostKind::kNetwork,
         .item = item,
         .count = count,
         .purchase = purchase * problem_.finance.network_share,
         .year = year});
  }

  void add_installed(std::size_t entry) {
    const InstalledServers& installed = site_.installed[entry];
    const double count = quantities_.installed[index_][entry];
    const std::string item = installed.server + " (installed)";
    const double year = std::ceil(installed.remaining_years);
    if (year > 0) add({.kind = CostKind::kServers, .item = item, .count = count});
    add_servers(problem_.server(installed.server), item, count, year);
  }

  template <class Visit>
  void for_each_storage(const Visit& visit) {
    for (std::size_t option = 0; option < problem_.storage.size(); ++option) {
      const StorageOption& storage = problem_.storage[option];
      if (storage.site != site_.name) continue;
      for (std::size_t size = 0; size < storage.sizes.size(); ++size) {
        visit(storage, storage.sizes[size], quantities_.storage[option][size]);
      }
    }
  }

  void add_router_hosts() {
    const Finance& finance = problem_.finance;
    const double hosts = finance.router_hosts_per_site * quantities_.site[index_];
    const double price = finance.router_host ? finance.router_host->value : 0;
    add({.kind = CostKind::kRouterHosts, .item = "router host", .count = hosts, .purchase = hosts * price});
  }

  void add_energy() {
    const double kwh = power_.mean_watts * site_.pue * kHoursPerYear / 1000;
    add({.kind = CostKind::kEnergy,
         .item = "kWh",
         .count = kwh,
         .per_year = kwh * site_.price_per_kwh.mean()});
  }

  void add_space() {
    double units = 0;
    for (std::size_t server = 0; server < servers_.size(); ++server) {
      units += servers_[server] * problem_.servers[server].rack_units;
    }
    for_each_storage([&](const StorageOption&, const StorageSize& size, double count) {
      units += count * size.rack_units;
    });
    add({.kind = CostKind::kSpace,
         .item = "rack units",
         .count = units,
         .per_year = units * site_.price_per_rack_unit_year});
  }

  void add_running(CostKind kind, const std::string& item, double count, double each) {
    if (each != 0) add({.kind = kind, .item = item, .count = count, .per_year = count * each});
  }

  void add_support_and_licences() {
    for (std::size_t server = 0; server < servers_.size(); ++server) {
      const ServerOption& option = problem_.servers[server];
      const double price = option.purchase ? option.purchase->value : 0;
      add_running(CostKind::kSupport, option.name, servers_[server], option.support_share_per_year * price);
      add_running(CostKind::kLicences, option.name, servers_[server], option.licence_per_year);
    }
    for_each_storage([&](const StorageOption& option, const StorageSize& size, double count) {
      add_running(CostKind::kSupport, option.name, count,
                  option.support_share_per_year * size.purchase.value);
    });
  }

  const Problem& problem_;
  const Quantities& quantities_;
  const FleetPower& power_;
  std::size_t index_;
  const PlannedSite& site_;
  std::vector<CostLine>& lines_;
  std::vector<double> servers_;  // of the site, by server option, whoever paid them
  std::vector<double> bought_;   // of them, bought or rented
};

void add_servers_power(const Problem& problem, const PoolOption& pool, double count, double simulated,
                       FleetPower& power) {
  const ServerOption& server = problem.servers[pool.server];
  const double idle = server.accelerators * server.accelerator_idle_watts;
  const double mean = idle + problem.workload.mean_load * (simulated - idle);
  power.mean_watts += count * (server.base_watts + mean);
  power.most_watts += count * nameplate_watts(server);
}

void add_steady_power(double watts, FleetPower& power) {
  power.mean_watts += watts;
  power.most_watts += watts;
}

void add_storage_power(const Problem& problem, const PlannedSite& site, const Quantities& quantities,
                       FleetPower& power) {
  for (std::size_t option = 0; option < problem.storage.size(); ++option) {
    if (problem.storage[option].site != site.name) continue;
    for (std::size_t size = 0; size < problem.storage[option].sizes.size(); ++size) {
      add_steady_power(quantities.storage[option][size] * problem.storage[option].sizes[size].watts, power);
    }
  }
}

}  // namespace

const char* name(CostKind kind) {
  constexpr const char* kNames[] = {"servers", "storage", "network",  "router hosts", "energy",
                                    "space",   "support", "licences", "rent"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<FleetPower> site_power(const Problem& problem, const std::vector<PoolOption>& pools,
                                   const Quantities& quantities, const AcceleratorWatts& watts) {
  std::vector<FleetPower> power(problem.sites.size());
  for (std::size_t option = 0; option < pools.size(); ++option) {
    const double count = quantities.server[option];
    if (count != 0)
      add_servers_power(problem, pools[option], count, watts[option], power[pools[option].site]);
  }
  for (std::size_t site = 0; site < problem.sites.size(); ++site) {
    const Finance& finance = problem.finance;
    const double hosts = quantities.site[site] * finance.router_hosts_per_site;
    add_steady_power(hosts * finance.router_host_watts, power[site]);
    add_storage_power(problem, problem.sites[site], quantities, power[site]);
  }
  return power;
}

std::vector<CostLine> cost_lines(const Problem& problem, const std::vector<PoolOption>& pools,
                                 const Quantities& quantities, const std::vector<FleetPower>& power) {
  std::vector<CostLine> lines;
  for (std::size_t site = 0; site < problem.sites.size(); ++site) {
    SiteLines(problem, pools, quantities, power[site], site, lines).add_all();
  }
  return lines;
}

}  // namespace kvsim::planner
