// SPDX-License-Identifier: Apache-2.0
#include "planner/quantities.h"

#include <algorithm>
#include <numeric>

namespace kvsim::planner {
namespace {

std::vector<std::size_t> longest_first(const std::vector<InstalledServers>& installed) {
  std::vector<std::size_t> order(installed.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return installed[a].remaining_years > installed[b].remaining_years;
  });
  return order;
}

// Takes what stands at the site already off what has to be bought there.
void use_all_installed(const Problem& problem, std::size_t site, Quantities& quantities) {
  const auto& installed = problem.sites[site].installed;
  for (const std::size_t entry : longest_first(installed)) {
    const double bought = quantities.bought[site][server_index(problem, installed[entry].server)];
    use_installed(problem, site, entry, std::min<double>(bought, installed[entry].count), quantities);
  }
}

void add_storage(const Problem& problem, const FleetChoice& choice, Quantities& quantities) {
  for (std::size_t option = 0; option < problem.storage.size(); ++option) {
    if (!choice.storage[option]) continue;
    quantities.storage[option][*choice.storage[option]] = 1;
    for (std::size_t site = 0; site < problem.sites.size(); ++site) {
      if (problem.sites[site].name == problem.storage[option].site) quantities.sites[site] = 1;
    }
  }
}

}  // namespace

Quantities no_quantities(const Problem& problem, const std::vector<PoolOption>& pools) {
  Quantities none;
  none.servers.resize(pools.size());
  none.bought.assign(problem.sites.size(), std::vector<double>(problem.servers.size()));
  for (const PlannedSite& site : problem.sites) none.installed.emplace_back(site.installed.size());
  for (const StorageOption& storage : problem.storage) none.storage.emplace_back(storage.sizes.size());
  none.sites.resize(problem.sites.size());
  return none;
}

Quantities quantities_of(const Problem& problem, const std::vector<PoolOption>& pools,
                         const FleetChoice& choice) {
  Quantities quantities = no_quantities(problem, pools);
  for (std::size_t option = 0; option < pools.size(); ++option) {
    if (choice.servers[option] == 0) continue;
    quantities.servers[option] = choice.servers[option];
    quantities.bought[pools[option].site][pools[option].server] += choice.servers[option];
    quantities.sites[pools[option].site] = 1;
  }
  add_storage(problem, choice, quantities);
  for (std::size_t site = 0; site < problem.sites.size(); ++site)
    use_all_installed(problem, site, quantities);
  return quantities;
}

void use_installed(const Problem& problem, std::size_t site, std::size_t entry, double count,
                   Quantities& quantities) {
  quantities.installed[site][entry] += count;
  quantities.bought[site][server_index(problem, problem.sites[site].installed[entry].server)] -= count;
}

std::size_t server_index(const Problem& problem, const std::string& name) {
  return static_cast<std::size_t>(&problem.server(name) - problem.servers.data());
}

double nameplate_watts(const ServerOption& server) {
  return server.base_watts + server.accelerators * server.accelerator_peak_watts;
}

}  // namespace kvsim::planner
