// SPDX-License-Identifier: Apache-2.0
#include "planner/output/bill.h"

#include <algorithm>

#include "planner/cost_lines.h"

namespace kvsim::planner {
namespace {

bool is_material(CostKind kind) {
  return kind == CostKind::kServers || kind == CostKind::kStorage || kind == CostKind::kNetwork ||
         kind == CostKind::kRouterHosts || kind == CostKind::kRent;
}

PriceTag times(PriceTag tag, double factor) {
  for (double* value : {&tag.value, &tag.low, &tag.high}) *value *= factor;
  return tag;
}

// "hgx", "hgx (installed)"
bool is_of(const CostLine& line, const std::string& name) {
  return line.item == name || line.item.starts_with(name + " (");
}

PriceTag server_price(const Problem& problem, const CostLine& line) {
  const auto server = std::find_if(problem.servers.begin(), problem.servers.end(),
                                   [&](const ServerOption& option) { return is_of(line, option.name); });
  if (server == problem.servers.end()) return {};
  if (line.kind == CostKind::kRent)
    return server->rent_per_hour ? times(*server->rent_per_hour, kHoursPerYear) : PriceTag{};
  if (line.purchase == 0) return {.source = "stands there already"};
  if (!server->purchase) return {};
  if (line.kind == CostKind::kServers) return *server->purchase;
  PriceTag network = times(*server->purchase, problem.finance.network_share);
  network.source = "finance.network_share of: " + network.source;
  return network;
}

PriceTag storage_price(const Problem& problem, const FleetChoice& choice, const CostLine& line) {
  for (std::size_t i = 0; i < choice.storage.size(); ++i)
    if (choice.storage[i] && problem.storage[i].name == line.item)
      return problem.storage[i].sizes[*choice.storage[i]].purchase;
  return {};
}

PriceTag unit_price(const Problem& problem, const FleetChoice& choice, const CostLine& line) {
  if (line.kind == CostKind::kStorage) return storage_price(problem, choice, line);
  if (line.kind == CostKind::kRouterHosts)
    return problem.finance.router_host.value_or(PriceTag{.source = "no price is stated: not counted"});
  return server_price(problem, line);
}

}  // namespace

std::vector<BillLine> bill_of_materials(const Plan& plan) {
  std::vector<BillLine> bill;
  if (!plan.best) return bill;
  const EvaluatedFleet& best = plan.evaluated[*plan.best];
  for (const CostLine& line : best.cost.lines)
    if (is_material(line.kind)) bill.push_back({line, unit_price(plan.problem, best.choice, line)});
  return bill;
}

}  // namespace kvsim::planner
