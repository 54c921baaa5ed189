// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "hardware-catalog/named.h"
#include "planner/fleet_parts.h"
#include "planner/nodes.h"
#include "planner/read_parts.h"
#include "sim/scenario/read_parts.h"
#include "sim/scenario/read_residency.h"
#include "sim/scenario/read_router.h"
#include "sim/scenario/read_storage.h"

namespace kvsim::planner {
namespace {

// Systems with sizes of their own, or of any size where none is usable.
Node all_storage(const Problem& problem) {
  std::vector<Node> systems;
  for (const StorageOption& option : problem.storage)
    systems.push_back(
        storage_node(option, option.sizes.empty() ? StorageSize{1, 1, 1, {}} : option.sizes.front()));
  return list_node(std::move(systems));
}

std::vector<std::string> models_of(const Problem& problem, const models::ModelLibrary& library) {
  std::vector<std::string> names = problem.models;
  for (const std::string& name : problem.models)
    if (const models::ModelCard* card = library.find(name)) {
      names.push_back(card->name);
      names.insert(names.end(), card->aliases.begin(), card->aliases.end());
    }
  return names;
}

void check_engines(Fields& root, const Problem& problem, const std::vector<std::string>& models) {
  std::vector<Fields> listed = root.maps("engines");
  for (std::size_t i = 0; i < std::min(listed.size(), problem.engines.size()); ++i) {
    const EngineOption& engine = problem.engines[i];
    check_names(listed[i], "models", engine.models, models, "model");
    check_names(listed[i], "servers", engine.servers, names_of(problem.servers), "server");
    check_names(listed[i], "sites", engine.sites, names_of(problem.sites), "site");
  }
}

void check_mounts(const ProblemReading& reading) {
  const std::vector<std::string> systems = names_of(reading.problem.storage);
  for (const EngineOption& engine : reading.problem.engines) {
    if (engine.mounts_storage && systems.empty())
      reading.problems.add(engine.pool.find("kv")->place_in(reading.problem.file), "kv.storage",
                           "the problem has no storage", "describe it under `storage`");
    for (const Node& name : engine.storage)
      if (std::find(systems.begin(), systems.end(), name.scalar) == systems.end() && !systems.empty())
        reading.problems.add(name.place_in(reading.problem.file), "kv.storage.system",
                             fmt::format("unknown system '{}'", shortened(name.scalar)),
                             valid_names_remedy(name.scalar, systems));
  }
}

void check_vendors(Fields& root, const ProblemReading& reading) {
  std::vector<std::string> vendors;
  for (const Accelerator& accelerator : reading.inputs.catalog.accelerators())
    if (std::find(vendors.begin(), vendors.end(), accelerator.vendor) == vendors.end())
      vendors.push_back(accelerator.vendor);
  Fields constraints = root.map("constraints");
  check_names(constraints, "refused_vendors", reading.problem.constraints.refused_vendors, vendors, "vendor");
}

}  // namespace

void check_fleet_parts(ProblemReading& reading) {
  const Problem& problem = reading.problem;
  Node parts = fleet_parts(problem, true);
  put(parts, "storage", all_storage(problem));
  Fields root(&parts, problem.file, "", reading.problems);
  sim::Fleet fleet;
  sim::FleetContext context{reading.inputs, folder_of(problem), reading.problems, fleet.validity};
  fleet.sites = sim::read_sites(root, fleet.validity);
  sim::read_servers(root, reading.inputs.catalog);
  sim::read_storage(root, reading.inputs.catalog, fleet.sites, fleet.validity);
  sim::read_network(root, fleet.sites);
  sim::read_models(root, context);
  fleet.slo_classes = sim::read_slo_classes(root);
  fleet.default_residency = sim::read_residency(root.map("default_residency"));
  fleet.tenants = sim::read_tenants(root, fleet.slo_classes, fleet.default_residency);
  sim::read_router(root, fleet, context);
  if (!reading.states_disaggregated_router) return;
  put(parts, "router", problem.disaggregated_router);
  Fields disaggregated(&parts, problem.file, "", reading.problems);
  sim::read_router(disaggregated, fleet, context);
}

void check_references(Fields& root, ProblemReading& reading) {
  const Problem& problem = reading.problem;
  const std::vector<std::string> models = models_of(problem, reading.inputs.models);
  check_engines(root, problem, models);
  check_mounts(reading);
  check_vendors(root, reading);
  std::vector<Fields> servers = root.maps("servers");
  for (std::size_t i = 0; i < std::min(servers.size(), problem.servers.size()); ++i)
    check_names(servers[i], "sites", problem.servers[i].sites, names_of(problem.sites), "site");
  std::vector<Fields> tenants = root.maps("tenants");
  for (Fields& tenant : tenants) check_names(tenant, "models", tenant.texts("models"), models, "model");
}

}  // namespace kvsim::planner
