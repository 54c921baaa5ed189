// SPDX-License-Identifier: Apache-2.0
// Random small problems with at most three options of at most four servers each at one or two sites, and at
// most two parts of demand.
#pragma once

#include <functional>

#include "base/random.h"
#include "tests/planner/worlds.h"

namespace kvsim::planner {

struct RandomWorld {
  Problem problem = bare_problem();
  Options options;
  Load load;
  AcceleratorWatts watts;
};

inline double between(RandomStream& random, double low, double high) {
  return low + (high - low) * random.uniform();
}
inline bool chance(RandomStream& random, double probability) { return random.uniform() < probability; }

inline ServerOption random_server(RandomStream& random, std::size_t index) {
  ServerOption server = server_for(between(random, 100, 1000), "server" + std::to_string(index),
                                   chance(random, 0.5) ? "NVIDIA" : "AMD");
  if (chance(random, 0.2)) {
    server.purchase.reset();
    server.rent_per_hour = PriceTag{.value = between(random, 0.005, 0.05)};
  }
  server.accelerators = static_cast<std::uint32_t>(1 + random.below(8));
  server.rack_units = static_cast<double>(1 + random.below(8));
  server.base_watts = between(random, 0, 1000);
  server.accelerator_peak_watts = between(random, 100, 700);
  server.accelerator_idle_watts = 0.2 * server.accelerator_peak_watts;
  server.support_share_per_year = chance(random, 0.5) ? 0.05 : 0;
  server.licence_per_year = chance(random, 0.5) ? between(random, 0, 20) : 0;
  if (chance(random, 0.5)) server.stock = static_cast<std::uint32_t>(random.below(5));
  return server;
}

inline void add_random_site(RandomWorld& world, RandomStream& random, std::size_t index) {
  PlannedSite site = site_named(index == 0 ? "paris" : "lyon");
  site.pue = between(random, 1, 1.5);
  site.price_per_kwh.values = {between(random, 0, 0.02)};
  site.carbon_kg_per_kwh.values = {between(random, 0, 0.5)};
  site.price_per_rack_unit_year = between(random, 0, 5);
  if (chance(random, 0.3)) site.watts = between(random, 2000, 30000);
  if (chance(random, 0.2)) site.watts_by_hour.values = {between(random, 2000, 30000), 30000};
  if (chance(random, 0.2)) site.cooling_watts = between(random, 2000, 30000);
  if (chance(random, 0.3)) site.rack_units = static_cast<double>(4 + random.below(50));
  if (chance(random, 0.3)) site.rack.watts = between(random, 2000, 20000);
  for (const ServerOption& server : world.problem.servers) {
    if (!chance(random, 0.3)) continue;
    const auto count = static_cast<std::uint32_t>(1 + random.below(2));
    site.installed.push_back({server.name, count, between(random, -1, 6)});
    site.installed.back().remaining_years = std::max(0.0, site.installed.back().remaining_years);
  }
  world.problem.sites.push_back(site);
}

inline void add_random_storage(RandomWorld& world, RandomStream& random) {
  StorageOption storage;
  storage.name = "scale";
  storage.site = world.problem.sites[random.below(world.problem.sites.size())].name;
  storage.support_share_per_year = 0.1;
  for (std::size_t i = 0; i <= random.below(2); ++i) {
    StorageSize size;
    size.purchase.value = between(random, 10, 500);
    size.watts = between(random, 0, 2000);
    size.rack_units = static_cast<double>(random.below(4));
    storage.sizes.push_back(size);
  }
  world.problem.storage.push_back(storage);
}

inline void add_random_pool(RandomWorld& world, RandomStream& random) {
  PoolOption pool =
      pool_of(random.below(world.problem.sites.size()), random.below(world.problem.servers.size()), 4);
  const bool may_mount =
      !world.problem.storage.empty() && world.problem.storage[0].site == world.problem.sites[pool.site].name;
  if (may_mount && chance(random, 0.5)) pool.storage = 0;
  world.options.pools.push_back(pool);
  world.watts.push_back(between(random, 0.2, 1) * world.problem.servers[pool.server].accelerators *
                        world.problem.servers[pool.server].accelerator_peak_watts);
}

// Money, power and carbon of about half of all that could be chosen.
inline void add_random_limits(Problem& problem, RandomStream& random) {
  Constraints& limits = problem.constraints;
  const auto maybe = [&](std::optional<double>& limit, double low, double high) {
    if (chance(random, 0.15)) limit = between(random, low, high);
  };
  maybe(limits.capex, 500, 5000);
  maybe(limits.tco, 500, 8000);
  maybe(limits.opex_per_year, 50, 1000);
  maybe(limits.watts, 3000, 40000);
  maybe(limits.carbon_kg_per_year, 5000, 80000);
  maybe(limits.vendor_share, 0.4, 1);
  if (chance(random, 0.15)) limits.vendors = static_cast<std::uint32_t>(1 + random.below(2));
  for (const Spare spare : {Spare::kNode, Spare::kRack, Spare::kSite}) {
    if (chance(random, 0.15)) limits.spare.push_back(spare);
  }
}

inline void add_random_demand(RandomWorld& world, RandomStream& random) {
  const bool two_parts = chance(random, 0.3);
  const std::size_t classes = two_parts ? 1 : 1 + random.below(2);
  for (std::size_t i = 0; i < classes; ++i) {
    std::vector<std::vector<double>> parts(two_parts ? 2 : 1);
    for (auto& part : parts) {
      for (std::size_t option = 0; option < world.options.pools.size(); ++option) {
        part.push_back(chance(random, 0.15) ? kUnbounded : between(random, 0.2, 4));
      }
    }
    world.load.seconds.push_back(parts);
    DemandClass demand = class_on({}, i == 0 ? "health" : "bank");
    for (std::size_t option = 0; option < world.options.pools.size(); ++option) {
      if (chance(random, 0.8)) demand.lawful.push_back(option);
    }
    if (demand.lawful.size() < world.options.pools.size()) demand.reasons = {"owner_country is US"};
    world.options.demand.push_back(demand);
  }
  world.load.degraded_share = between(random, 0.4, 1);
}

inline RandomWorld random_world(std::uint64_t seed) {
  RandomStream random(seed, "planner worlds");
  RandomWorld world;
  world.problem.sites.clear();
  world.problem.workload.mean_load = between(random, 0.3, 1);
  world.problem.finance = {between(random, 1, 6), between(random, 0, 0.2), between(random, 1, 8),
                           chance(random, 0.5) ? 0.1 : 0.0};
  world.problem.finance.router_host = PriceTag{.value = between(random, 0, 100)};
  world.problem.finance.router_host_watts = between(random, 0, 300);
  for (std::size_t i = 0; i <= random.below(2); ++i)
    world.problem.servers.push_back(random_server(random, i));
  for (std::size_t i = 0; i <= random.below(2); ++i) add_random_site(world, random, i);
  if (chance(random, 0.4)) add_random_storage(world, random);
  for (std::size_t i = 0; i <= random.below(3); ++i) add_random_pool(world, random);
  add_random_limits(world.problem, random);
  add_random_demand(world, random);
  return world;
}

// Every fleet of at most four servers each is a fleet of the program: all servers have a stock.
inline RandomWorld bounded_world(std::uint64_t seed) {
  RandomWorld world = random_world(seed);
  RandomStream random(seed, "stock");
  for (PlannedSite& site : world.problem.sites) {
    for (InstalledServers& installed : site.installed) installed.count = 1;
  }
  for (std::size_t server = 0; server < world.problem.servers.size(); ++server) {
    std::uint32_t installed = 0;
    for (const PlannedSite& site : world.problem.sites) {
      for (const InstalledServers& there : site.installed)
        installed += there.server == world.problem.servers[server].name;
    }
    world.problem.servers[server].stock = 4 - installed - static_cast<std::uint32_t>(random.below(2));
  }
  return world;
}

// Every number of servers of each option up to its `most`, with every size of storage and none.
inline void for_each_choice(const RandomWorld& world, const std::function<void(const FleetChoice&)>& visit) {
  const auto& storage = world.problem.storage;
  const std::size_t sizes = storage.empty() ? 0 : storage[0].sizes.size();
  for (std::size_t size = 0; size <= sizes; ++size) {
    FleetChoice choice = choice_of(std::vector<std::uint32_t>(world.options.pools.size()));
    choice.storage.resize(storage.size());
    if (size > 0) choice.storage[0] = size - 1;
    for (;;) {
      visit(choice);
      std::size_t i = 0;
      while (i < choice.servers.size() && choice.servers[i] == world.options.pools[i].most) {
        choice.servers[i++] = 0;
      }
      if (i == choice.servers.size()) break;
      ++choice.servers[i];
    }
  }
}

}  // namespace kvsim::planner
