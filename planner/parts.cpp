// SPDX-License-Identifier: Apache-2.0
#include "planner/parts.h"

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

void add_servers(const Problem& problem, const std::vector<PoolOption>& pools, const FleetChoice& choice,
                 Quantities& quantities) {
  std::vector<std::vector<double>> needed(problem.sites.size(), std::vector<double>(problem.servers.size()));
  for (std::size_t option = 0; option < pools.size(); ++option) {
    quantities.server[option] = choice.servers[option];
    needed[pools[option].site][pools[option].server] += choice.servers[option];
    if (choice.servers[option] > 0) quantities.site[pools[option].site] = 1;
  }
  for (std::size_t site = 0; site < problem.sites.size(); ++site) {
    const auto& installed = problem.sites[site].installed;
    for (const std::size_t entry : longest_first(installed)) {
      double& left = needed[site][server_index(problem, installed[entry].server)];
      quantities.installed[site][entry] = std::min<double>(left, installed[entry].count);
      left -= quantities.installed[site][entry];
    }
  }
}

void add_storage(const Problem& problem, const FleetChoice& choice, Quantities& quantities) {
  for (std::size_t option = 0; option < problem.storage.size(); ++option) {
    if (!choice.storage[option]) continue;
    quantities.storage[option][*choice.storage[option]] = 1;
    for (std::size_t site = 0; site < problem.sites.size(); ++site) {
      if (problem.sites[site].name == problem.storage[option].site) quantities.site[site] = 1;
    }
  }
}

}  // namespace

double dot(const Quantities& weights, const Quantities& quantities) {
  double sum = 0;
  for_each_part(weights, quantities, [&](double weight, double quantity) { sum += weight * quantity; });
  return sum;
}

Quantities quantities_of(const Problem& problem, const std::vector<PoolOption>& pools,
                         const FleetChoice& choice) {
  auto quantities = shaped_parts<double>(problem, pools);
  add_servers(problem, pools, choice, quantities);
  add_storage(problem, choice, quantities);
  return quantities;
}

std::size_t server_index(const Problem& problem, const std::string& name) {
  return static_cast<std::size_t>(&problem.server(name) - problem.servers.data());
}

double nameplate_watts(const ServerOption& server) {
  return server.base_watts + server.accelerators * server.accelerator_peak_watts;
}

}  // namespace kvsim::planner
