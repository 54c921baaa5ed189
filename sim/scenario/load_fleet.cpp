// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/load_fleet.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/files.h"
#include "base/text.h"
#include "base/yaml_kind.h"
#include "sim/scenario/check_lawful.h"
#include "sim/scenario/foreign.h"
#include "sim/scenario/read_disaggregation.h"
#include "sim/scenario/read_outages.h"
#include "sim/scenario/read_parts.h"
#include "sim/scenario/read_residency.h"
#include "sim/scenario/read_router.h"
#include "sim/scenario/read_storage.h"
#include "sim/scenario/resolve_pool.h"
#include "sim/scenario/resolve_tiers.h"

namespace kvsim::sim {
namespace {

// `pools`, or the one pool whose settings stand in the fleet itself.
class PoolReader {
 public:
  PoolReader(FleetContext& context, Fleet& fleet) : context_(context), fleet_(fleet) {}

  void read(Fields& root) {
    if (root.has("pools")) {
      for (Fields& entry : root.maps("pools")) read_entry(entry);
      refuse_shorthand_beside_pools(root);
    } else {
      read_shorthand(root);
    }
    resolve_disaggregation(fleet_.pools, places_, context_);
  }

 private:
  void read_entry(Fields& entry) {
    if (entry.has("from")) {
      for (const PoolSpec& spec : read_foreign_entry(entry, context_)) add(spec);
    } else {
      const PoolSpec spec = read_pool_spec(entry, context_.problems);
      entry.raw("from");
      add(spec);
    }
    entry.finish();
  }

  void read_shorthand(Fields& root) {
    PoolSpec spec = read_pool_spec(root, context_.problems);
    root.raw("pools");
    spec.name = {};
    if (!spec.model.given() && !spec.accelerator.given() && !spec.server.given()) {
      context_.problems.add(root.location(), "", "no pool",
                            "add `model:` and `accelerator:`, or a list `pools:` of maps with them");
      return;
    }
    add(spec);
  }

  void refuse_shorthand_beside_pools(Fields& root) {
    for (const std::string& key : pool_keys()) {
      if (key == "name" || !root.has(key)) continue;
      root.raw(key);
      root.problem(key, "stands beside `pools`", "move it into the pool");
    }
    if (root.maps("pools").empty())
      root.problem("pools", "no pool", "give a list of maps with model and accelerator");
  }

  void add(const PoolSpec& spec) {
    std::optional<Pool> pool = resolve_pool(spec, context_);
    if (!pool) return;
    const Place& place = spec.name.given() ? spec.name.place : spec.place;
    if (!names_.insert(pool->name).second) {
      context_.problems.add(place.where, place.path, fmt::format("a second pool is named '{}'", pool->name),
                            "give each pool its own `name`");
    }
    fleet_.pools.push_back(std::move(*pool));
    places_.push_back(spec.role.given() ? spec.role.place : spec.place);
  }

  FleetContext& context_;
  Fleet& fleet_;
  std::set<std::string> names_;
  std::vector<Place> places_;  // of the pools' roles
};

std::string folder_of(const std::string& file) { return std::filesystem::path(file).parent_path().string(); }

Fleet read_root(Fields& root, const FleetInputs& inputs, Problems& problems) {
  Fleet fleet;
  FleetContext context{inputs, folder_of(root.file()), problems, fleet.validity};
  fleet.name = root.text("name", std::filesystem::path(root.file()).stem().string());
  fleet.currency = context.currency = root.text("currency", fleet.currency);
  fleet.sites = context.sites = read_sites(root, fleet.validity);
  fleet.servers = context.servers = read_servers(root, inputs.catalog);
  fleet.storage = context.storage = read_storage(root, inputs.catalog, fleet.sites, fleet.validity);
  fleet.network = context.network = read_network(root, fleet.sites);
  read_models(root, context);
  fleet.slo_classes = read_slo_classes(root);
  fleet.default_residency = read_residency(root.map("default_residency"));
  fleet.tenants = context.tenants = read_tenants(root, fleet.slo_classes, fleet.default_residency);
  fleet.erasures = read_erasures(root, fleet.tenants);
  PoolReader(context, fleet).read(root);
  fleet.router = read_router(root, fleet, context);
  fleet.outages = read_outages(root, fleet);
  fleet.recovery = read_recovery(root);
  root.finish();
  if (problems.empty()) check_lawful(root, fleet);
  return fleet;
}

}  // namespace

FleetInputs load_fleet_inputs(const Overlays& overlays) {
  FleetInputs inputs;
  inputs.catalog = Catalog::load_default(overlays.catalog);
  inputs.models = models::ModelLibrary::load_default(overlays.models);
  inputs.profiles = models::ProfileLibrary::load_default(overlays.profiles, &inputs.catalog);
  return inputs;
}

FleetInputs drawn_inputs(const FleetInputs& inputs, models::ProfileDraw draw) {
  std::vector<models::PerformanceProfile> drawn;
  for (const models::PerformanceProfile& profile : inputs.profiles.profiles())
    drawn.push_back(models::draw_profile(profile, draw));
  return {inputs.catalog, inputs.models, models::ProfileLibrary(std::move(drawn)), draw};
}

Fleet load_fleet(const std::string& path, const FleetInputs& inputs, const Overrides& overrides) {
  return read_fleet(with_overrides(load_yaml(path), overrides), inputs);
}

Fleet read_fleet(const Document& document, const FleetInputs& inputs) {
  refuse_other_kind(document, "fleet");
  return read_fleet(*document.root, document.file, inputs);
}

Fleet read_fleet(const Node& node, const std::string& file, const FleetInputs& inputs) {
  Problems problems;
  Fields root(&node, file, "", problems);
  Fleet fleet = read_root(root, inputs, problems);
  problems.throw_if_any();
  note_unshared(fleet, fleet.validity);
  note_residency(fleet, fleet.validity);
  note_hand_over(fleet, fleet.validity);
  note_outages(fleet, fleet.validity);
  fleet.digest = hex64(digest(effective_yaml(fleet)));
  return fleet;
}

}  // namespace kvsim::sim
