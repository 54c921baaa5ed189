// SPDX-License-Identifier: Apache-2.0
// Small problems and options, built by hand: everything costs nothing and has no limit unless a test says so.
#pragma once

#include <string>
#include <utility>

#include "planner/fleet_program.h"

namespace kvsim::planner {

inline PlannedSite site_named(const std::string& name) {
  PlannedSite site;
  site.name = name;
  return site;
}

inline ServerOption server_for(double price, const std::string& name = "hgx",
                               const std::string& vendor = "NVIDIA") {
  ServerOption server;
  server.name = name;
  server.vendor = vendor;
  server.accelerators = 8;
  server.purchase = PriceTag{price, price, price};
  return server;
}

inline ServerOption rented_for(double per_hour, const std::string& name = "cloud") {
  ServerOption server = server_for(0, name);
  server.purchase.reset();
  server.rent_per_hour = PriceTag{per_hour, per_hour, per_hour};
  return server;
}

// One site `paris`, no servers; a plan of 4 years without discount, after which a purchase is worth nothing.
inline Problem bare_problem() {
  Problem problem;
  problem.sites.push_back(site_named("paris"));
  problem.models = {"llama"};
  problem.finance.years = 4;
  problem.finance.depreciation_years = 4;
  problem.finance.router_hosts_per_site = 0;
  return problem;
}

inline PoolOption pool_of(std::size_t site, std::size_t server, std::uint32_t most = 10) {
  PoolOption pool;
  pool.name = "pool-" + std::to_string(site) + "-" + std::to_string(server);
  pool.site = site;
  pool.server = server;
  pool.model = "llama";
  pool.most = most;
  return pool;
}

inline DemandClass class_on(std::vector<std::size_t> lawful, const std::string& tenant = "") {
  DemandClass demand;
  demand.tenant = tenant;
  demand.model = "llama";
  demand.lawful = std::move(lawful);
  return demand;
}

inline FleetChoice choice_of(std::vector<std::uint32_t> servers,
                             std::vector<std::optional<std::size_t>> storage = {}) {
  return {std::move(servers), std::move(storage)};
}

}  // namespace kvsim::planner
