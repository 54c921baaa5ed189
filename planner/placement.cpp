// SPDX-License-Identifier: Apache-2.0
#include "planner/placement.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "planner/fleet_parts.h"
#include "planner/nodes.h"
#include "planner/slo_of.h"
#include "sim/scenario/find_named.h"
#include "sim/scenario/lawful.h"
#include "sim/scenario/model_names.h"
#include "sim/scenario/read_parts.h"
#include "sim/scenario/read_residency.h"

namespace kvsim::planner {
namespace {

constexpr const char* kServedName = "served_model_name";

// Engines may give models one more name.
void add_served_names(const Problem& problem, models::ModelCard& card) {
  for (const EngineOption& engine : problem.engines) {
    const Node* flags = engine.pool.find("engine");
    const Node* name = flags == nullptr ? nullptr : flags->find(kServedName);
    if (name != nullptr) card.aliases.push_back(name->scalar);
  }
}

std::vector<std::string> class_names(const Problem& problem) {
  std::vector<std::string> names;
  for (const SloPlan& slo : problem.slos) names.push_back(label_of(slo));
  return names;
}

}  // namespace

Placement::Placement(const Problem& problem, const sim::FleetInputs& inputs, const DemandNames& names)
    : problem_(problem), names_(names) {
  read_tenants();
  read_cards(inputs);
  Problems problems;
  check_names(problems);
  check_tenants(problems);
  problems.throw_if_any();
}

void Placement::read_tenants() {
  Problems problems;
  const Node parts = fleet_parts(problem_, true);
  Fields root(&parts, problem_.file, "", problems);
  default_residency_ = sim::read_residency(root.map("default_residency"));
  tenants_ = sim::read_tenants(root, sim::read_slo_classes(root), default_residency_);
  problems.throw_if_any();
}

void Placement::read_cards(const sim::FleetInputs& inputs) {
  Problems problems;
  std::vector<sim::Validity> validity;
  sim::FleetContext context{inputs, folder_of(problem_), problems, validity};
  const Node parts = fleet_parts(problem_, false);
  Fields root(&parts, problem_.file, "", problems);
  sim::read_models(root, context);
  problems.throw_if_any();
  for (const std::string& model : problem_.models) {
    const auto declared = context.models.find(model);
    cards_.push_back(declared != context.models.end() ? declared->second.card : *inputs.models.find(model));
    add_served_names(problem_, cards_.back());
  }
}

bool Placement::asks_for(const traces::RequestKind& name, std::size_t model) const {
  return name.model.empty() ? problem_.models.size() == 1 : sim::is_called(cards_[model], name.model);
}

bool Placement::is_isolated(const std::string& tenant) const {
  const sim::Tenant* known = sim::find_named(tenants_, tenant);
  return known != nullptr && known->isolation >= sim::Isolation::kOwnReplicas;
}

void Placement::check_class(const traces::RequestKind& name, Problems& problems) const {
  const std::vector<std::string> known = class_names(problem_);
  const sim::Tenant* tenant = sim::find_named(tenants_, name.tenant);
  const std::string& own = name.slo_class.empty() && tenant != nullptr ? tenant->slo_class : name.slo_class;
  if (own.empty() && known.size() > 1 && std::find(known.begin(), known.end(), kOnlyClass) == known.end())
    problems.add({problem_.file}, "slo_classes", "the workload has requests without a class",
                 fmt::format("add a class `{}` for them, or give their tenants a slo_class", kOnlyClass));
  if (!own.empty() && std::find(known.begin(), known.end(), own) == known.end())
    problems.add({problem_.file}, "slo_classes",
                 fmt::format("the workload has class '{}', which has no goal", own),
                 "add it under `slo_classes`");
}

void Placement::check_names(Problems& problems) const {
  for (const traces::RequestKind& name : names_) {
    check_class(name, problems);
    bool served = false;
    for (std::size_t model = 0; model < cards_.size(); ++model) served |= asks_for(name, model);
    if (served) continue;
    problems.add({problem_.file}, "models",
                 name.model.empty()
                     ? "the workload names no model, and the problem serves several"
                     : fmt::format("the workload asks for model '{}', which is not served", name.model),
                 "add it to `models`, or translate its name under workload.rename_models");
  }
}

// What fleets would refuse whatever the plan chose.
void Placement::check_tenants(Problems& problems) const {
  for (std::size_t i = 0; i < tenants_.size(); ++i) {
    const sim::Tenant& tenant = tenants_[i];
    std::vector<std::string> asked;
    for (std::size_t model = 0; model < cards_.size(); ++model)
      if (std::any_of(names_.begin(), names_.end(), [&](const traces::RequestKind& name) {
            return name.tenant == tenant.name && asks_for(name, model);
          }))
        asked.push_back(cards_[model].name);
    const Location place = problem_.tenants.items[i].place_in(problem_.file);
    const std::string path = fmt::format("tenants[{}]", i);
    if (asked.empty() && (is_isolated(tenant.name) || tenant.residency.any()))
      problems.add(
          place, path,
          fmt::format("the workload has no request of {}, whose policy every fleet would have to keep",
                      tenant.name),
          "leave the tenant out");
    if (!asked.empty() && asked.size() < cards_.size() && tenant.models.empty())
      problems.add(place, path, fmt::format("{} asks for some of the models only", tenant.name),
                   fmt::format("add models: [{}]", join(asked, ", ")));
  }
}

std::vector<std::string> Placement::owners(std::size_t model) const {
  std::vector<std::string> owners;
  const bool shared = std::any_of(names_.begin(), names_.end(), [&](const traces::RequestKind& name) {
    return asks_for(name, model) && !is_isolated(name.tenant);
  });
  if (shared) owners.emplace_back();
  for (const sim::Tenant& tenant : tenants_) {
    const bool asks = std::any_of(names_.begin(), names_.end(), [&](const traces::RequestKind& name) {
      return name.tenant == tenant.name && asks_for(name, model);
    });
    if (asks && is_isolated(tenant.name)) owners.push_back(tenant.name);
  }
  return owners;
}

void Placement::add_tenants(const PoolOption& option, sim::Fleet& fleet) const {
  fleet.tenants = tenants_;
  fleet.default_residency = default_residency_;
  fleet.pools.front().dedicated_to = option.dedicated_to;
}

namespace {

// KV may go wherever options that prefill for the class would hand it; and none of them is refused that
// could stand beside its options.
bool may_be_handed_over(const DemandClass& demand, const std::vector<PoolOption>& options,
                        const std::vector<std::shared_ptr<const sim::Fleet>>& fleets) {
  const auto is_prefill = [&](std::size_t i) { return options[i].role == sim::PoolRole::kPrefill; };
  for (const std::size_t i : demand.lawful) {
    if (is_prefill(i)) continue;
    const sim::Fleet& fleet = *fleets[i];
    for (const std::size_t p : demand.refused)
      if (is_prefill(p) && options[p].dedicated_to == options[i].dedicated_to) return false;
    for (const std::size_t p : demand.lawful)
      if (is_prefill(p) && !sim::findings_of_pair(fleet, sim::residency_of(fleet, demand.tenant),
                                                  fleets[p]->pools.front(), fleet.pools.front())
                                .empty())
        return false;
  }
  return true;
}

}  // namespace

std::vector<DemandClass> Placement::placed(
    const std::vector<PoolOption>& options,
    const std::vector<std::shared_ptr<const sim::Fleet>>& fleets) const {
  std::vector<DemandClass> classes;
  for (const traces::RequestKind& name : names_) {
    DemandClass& demand =
        classes.emplace_back(DemandClass{name.tenant, name.model, name.slo_class, {}, {}, {}, false});
    for (std::size_t i = 0; i < options.size(); ++i) {
      const auto model = std::find(problem_.models.begin(), problem_.models.end(), options[i].model);
      if (!asks_for(name, static_cast<std::size_t>(model - problem_.models.begin()))) continue;
      const std::string& card = fleets[i]->pools.front().model.name;
      if (!sim::lawful_pools(*fleets[i], name.tenant, card).pools.empty()) {
        demand.lawful.push_back(i);
        continue;
      }
      demand.refused.push_back(i);
      demand.reasons.push_back(sim::why_unlawful(*fleets[i], name.tenant, card));
    }
    demand.may_be_handed_over = may_be_handed_over(demand, options, fleets);
  }
  return classes;
}

}  // namespace kvsim::planner
