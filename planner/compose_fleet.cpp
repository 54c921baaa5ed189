// SPDX-License-Identifier: Apache-2.0
#include "planner/compose_fleet.h"

#include <filesystem>

#include "base/latency_limit.h"
#include "planner/fleet_parts.h"
#include "planner/nodes.h"
#include "planner/slo_of.h"

namespace kvsim::planner {
namespace {

template <class T>
Node nodes_of(const std::vector<T>& items, Node T::*node) {
  std::vector<Node> nodes;
  for (const T& item : items) nodes.push_back(item.*node);
  return list_node(std::move(nodes));
}

Node class_node(const SloPlan& slo) {
  Node node = empty_map();
  put(node, "name", text_node(label_of(slo)));
  for (const sim::SloObjective& limit : slo.normal.limits) {
    Node seconds = number_node(limit.limit_seconds);
    seconds.scalar += latency_limit_unit(limit.metric, limit.limit_seconds);
    put(node, limit.metric, std::move(seconds));
  }
  put(node, "priority", number_node(slo.priority));
  if (slo.objective_priority) put(node, "objective_priority", number_node(*slo.objective_priority));
  return node;
}

Node class_nodes(const std::vector<SloPlan>& slos) {
  std::vector<Node> nodes;
  for (const SloPlan& slo : slos) nodes.push_back(class_node(slo));
  return list_node(std::move(nodes));
}

Node pool_node(const PoolOption& option, std::uint32_t servers, bool with_tenants) {
  Node pool = with_tenants ? option.pool : without_key(option.pool, "dedicated_to");
  put(pool, "replicas", number_node(servers * option.replicas_per_server));
  return pool;
}

Node chosen_storage(const Problem& problem, const FleetChoice& choice) {
  std::vector<Node> systems;
  for (std::size_t i = 0; i < choice.storage.size(); ++i) {
    const StorageOption& option = problem.storage[i];
    if (choice.storage[i]) systems.push_back(storage_node(option, option.sizes[*choice.storage[i]]));
  }
  return list_node(std::move(systems));
}

Node without_rest(const Node& policy) { return policy.is_map() ? without_key(policy, "kv_at_rest") : policy; }

// Where nothing rests nothing is asked of places of rest; fleets refuse labels that nothing declares.
void ask_nothing_of_rest(Node& fleet) {
  for (Member& member : fleet.members) {
    if (member.first == "default_residency") member.second = without_rest(member.second);
    if (member.first != "tenants") continue;
    for (Node& tenant : member.second.items)
      if (const Node* policy = tenant.find("residency")) put(tenant, "residency", without_rest(*policy));
  }
}

}  // namespace

Node fleet_parts(const Problem& problem, bool with_tenants) {
  Node fleet = empty_map();
  put(fleet, "name", text_node(problem.name));
  put(fleet, "currency", text_node(problem.currency));
  put(fleet, "sites", nodes_of(problem.sites, &PlannedSite::fleet_site));
  put(fleet, "servers", nodes_of(problem.servers, &ServerOption::fleet_server));
  put_unless_null(fleet, "models", problem.models_node);
  put_unless_null(fleet, "network", problem.network);
  put(fleet, "slo_classes", class_nodes(problem.slos));
  put_unless_null(fleet, "router", problem.router);
  if (!with_tenants) return fleet;
  put_unless_null(fleet, "tenants", problem.tenants);
  put_unless_null(fleet, "default_residency", problem.default_residency);
  return fleet;
}

std::string folder_of(const Problem& problem) {
  return std::filesystem::path(problem.file).parent_path().string();
}

Node storage_node(const StorageOption& option, const StorageSize& size) {
  Node node = option.fleet_storage;
  put(node, "capacity", number_node(static_cast<double>(size.capacity_bytes)));
  put(node, "read_bytes_per_second", number_node(size.read_bytes_per_second));
  put(node, "write_bytes_per_second", number_node(size.write_bytes_per_second));
  return node;
}

Document compose_fleet(const Problem& problem, const std::vector<PoolOption>& pools,
                       const FleetChoice& choice, bool with_tenants) {
  Node fleet = fleet_parts(problem, with_tenants);
  Node storage = chosen_storage(problem, choice);
  if (storage.items.empty())
    ask_nothing_of_rest(fleet);
  else
    put(fleet, "storage", std::move(storage));
  std::vector<Node> chosen;
  for (std::size_t i = 0; i < pools.size(); ++i) {
    if (choice.servers[i] == 0) continue;
    chosen.push_back(pool_node(pools[i], choice.servers[i], with_tenants));
    if (pools[i].role == sim::PoolRole::kPrefill) put(fleet, "router", problem.disaggregated_router);
  }
  put(fleet, "pools", list_node(std::move(chosen)));
  return {problem.file, std::make_shared<const Node>(std::move(fleet))};
}

}  // namespace kvsim::planner
