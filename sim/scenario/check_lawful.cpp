// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/check_lawful.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "sim/scenario/lawful.h"
#include "sim/scenario/model_names.h"

namespace kvsim::sim {
namespace {

using Names = std::set<std::string>;

std::vector<std::string> list(const Names& names) { return {names.begin(), names.end()}; }

Names declared_labels(const Fleet& fleet) {
  Names declared;
  const auto add = [&](const Labels& labels) {
    for (const auto& [key, value] : labels) declared.insert(key);
  };
  for (const Site& site : fleet.sites) add(site.labels);
  for (const Pool& pool : fleet.pools) add(labels_of(fleet, pool));
  for (const StorageSystemSettings& system : fleet.storage) add(system.labels);
  for (const SiteLink& link : fleet.network.site_links) add(link.labels);
  return declared;
}

void check_labels(Fields residency, const Names& declared) {
  for (const std::string& object : residency.keys()) {
    Fields predicate = residency.map(object);
    for (const std::string& label : predicate.keys()) {
      if (declared.contains(label)) continue;
      predicate.problem(
          label, "no site, pool, storage system or site link declares this label",
          declared.empty() ? "declare it under their `labels`" : valid_names_remedy(label, list(declared)));
    }
  }
}

class TenantCheck {
 public:
  TenantCheck(Fields& entry, const Fleet& fleet, const Tenant& tenant)
      : entry_(entry), fleet_(fleet), tenant_(tenant) {}

  void run() {
    check_models();
    if (!check_dedication()) return;
    check_own_pools();
    for (const std::string& model : asked_for()) check_route(model);
  }

 private:
  void check_models() {
    Names served;
    for (const Pool& pool : fleet_.pools) served.insert(pool.model.name);
    for (const std::string& model : tenant_.models) {
      const bool known = std::any_of(fleet_.pools.begin(), fleet_.pools.end(),
                                     [&](const Pool& pool) { return is_called(pool.model, model); });
      if (!known)
        entry_.problem("models", fmt::format("no pool serves '{}'", model),
                       valid_names_remedy(model, list(served)));
    }
  }

  bool check_dedication() {
    const bool has_own = std::any_of(fleet_.pools.begin(), fleet_.pools.end(),
                                     [&](const Pool& pool) { return pool.dedicated_to == tenant_.name; });
    if (has_own || tenant_.isolation < Isolation::kOwnReplicas) return true;
    entry_.problem("isolation", "no pool is dedicated to this tenant",
                   fmt::format("add `dedicated_to: {}` to a pool", tenant_.name));
    return false;
  }

  void check_own_pools() {
    for (const Pool& pool : fleet_.pools) {
      if (pool.dedicated_to != tenant_.name) continue;
      const std::vector<std::string> reasons = reasons_against(fleet_, tenant_.name, pool);
      if (!reasons.empty())
        entry_.problem(
            "", fmt::format("its own pool {} is not lawful for it: {}", pool.name, join(reasons, ", ")),
            "label the pool as the policy asks, or change the policy");
    }
  }

  bool left_by_isolation(const Pool& pool) const {
    return pool.dedicated_to == tenant_.name ||
           (pool.dedicated_to.empty() && tenant_.isolation < Isolation::kOwnReplicas);
  }

  Names asked_for() const {
    Names models;
    for (const Pool& pool : fleet_.pools) {
      const bool named = std::any_of(tenant_.models.begin(), tenant_.models.end(),
                                     [&](const std::string& name) { return is_called(pool.model, name); });
      if (tenant_.models.empty() ? left_by_isolation(pool) : named) models.insert(pool.model.name);
    }
    return models;
  }

  void check_route(const std::string& model) {
    const std::vector<std::uint32_t> pools = lawful_pools(fleet_, tenant_.name, model).pools;
    const bool serves = std::any_of(pools.begin(), pools.end(), [&](std::uint32_t pool) {
      return fleet_.pools[pool].role != PoolRole::kPrefill;
    });
    if (serves) return;
    entry_.problem(
        entry_.has("residency") ? "residency" : "",
        fmt::format("no lawful pool for {} of tenant {}: {}", model, tenant_.name,
                    pools.empty() ? why_unlawful(fleet_, tenant_.name, model) : "only pools that prefill"),
        "declare what the policy asks for, change it, or name under `models` what it needs");
  }

  Fields& entry_;
  const Fleet& fleet_;
  const Tenant& tenant_;
};

}  // namespace

void check_lawful(Fields& root, const Fleet& fleet) {
  const Names declared = declared_labels(fleet);
  check_labels(root.map("default_residency"), declared);
  std::vector<Fields> entries = root.maps("tenants");
  for (std::size_t i = 0; i < entries.size(); ++i) {
    check_labels(entries[i].map("residency"), declared);
    TenantCheck(entries[i], fleet, fleet.tenants[i]).run();
  }
}

void note_residency(const Fleet& fleet, std::vector<Validity>& validity) {
  if (!has_policies(fleet)) return;
  validity.push_back({"residency",
                      "judged by the labels that the fleet declares; whether these are true, and what the "
                      "law asks for, kvsim does not know"});
  const Labels labels = labels_of_site(fleet, router_site(fleet));
  for (const Tenant& tenant : fleet.tenants) {
    const std::string violation = first_violation(tenant.residency.router_index, labels);
    if (!violation.empty())
      validity.push_back({fmt::format("tenant {}", tenant.name),
                          fmt::format("the index of the router at {} does not keep its prompts: {}",
                                      router_site(fleet), violation)});
  }
}

}  // namespace kvsim::sim
