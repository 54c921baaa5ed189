// SPDX-License-Identifier: Apache-2.0
#include "planner/losses.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "planner/fleet_rules.h"
#include "planner/nodes.h"

namespace kvsim::planner {
namespace {

// A node or a rack of each option in use.
void add_servers_lost(const Problem& problem, const std::vector<PoolOption>& options,
                      const FleetChoice& choice, Spare spare, std::vector<Loss>& losses) {
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (choice.servers[i] == 0) continue;
    const bool is_rack = spare == Spare::kRack;
    const PlannedSite& site = problem.sites[options[i].site];
    const double of_rack = servers_per_rack(site, problem.servers[options[i].server]);
    const auto lost = static_cast<std::uint32_t>(is_rack ? std::max(1.0, of_rack) : 1.0);
    losses.push_back({fmt::format("a {} of {}", is_rack ? "rack" : "node", options[i].name), options[i].name,
                      std::min(lost, choice.servers[i]), site.name});
  }
}

void add_sites_lost(const Problem& problem, const std::vector<PoolOption>& options, const FleetChoice& choice,
                    std::vector<Loss>& losses) {
  std::set<std::size_t> used;
  for (std::size_t i = 0; i < options.size(); ++i)
    if (choice.servers[i] > 0) used.insert(options[i].site);
  for (const std::size_t site : used)
    losses.push_back({"site " + problem.sites[site].name, "", 0, problem.sites[site].name});
}

}  // namespace

std::vector<Loss> losses_of(const Problem& problem, const std::vector<PoolOption>& options,
                            const FleetChoice& choice) {
  std::vector<Loss> losses;
  for (const Spare spare : problem.constraints.spare) {
    if (spare == Spare::kSite)
      add_sites_lost(problem, options, choice, losses);
    else if (spare != Spare::kNothing)
      add_servers_lost(problem, options, choice, spare, losses);
  }
  return losses;
}

double loss_seconds(double span_seconds) { return span_seconds / 4; }

Document with_loss(const Document& fleet, const Loss& loss, double span_seconds) {
  Node outage = empty_map();
  if (loss.pool.empty()) {
    put(outage, "site", text_node(loss.site));
  } else {
    put(outage, "pool", text_node(loss.pool));
    put(outage, "servers", number_node(loss.servers));
  }
  put(outage, "at", number_node(loss_seconds(span_seconds)));
  put(outage, "for", number_node(span_seconds * 100));
  Node root = *fleet.root;
  put(root, "outages", list_node({outage}));
  return {fleet.file, std::make_shared<const Node>(std::move(root))};
}

}  // namespace kvsim::planner
