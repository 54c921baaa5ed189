// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/directory.h"

#include <algorithm>

#include "base/errors.h"
#include "base/random.h"
#include "base/text.h"
#include "sim/scenario/find_named.h"
#include "sim/scenario/model_names.h"
#include "sim/scenario/role_names.h"

namespace kvsim::sim {

namespace {

void add_class(Service& service, const SloClass& slo) {
  service.priority = slo.priority;
  service.objective_priority = slo.objective_priority.value_or(-slo.priority);
  for (const SloObjective& objective : slo.objectives) {
    if (objective.metric == "ttft") service.ttft_limit_seconds = objective.limit_seconds;
    if (objective.metric == "tpot") service.tpot_limit_seconds = objective.limit_seconds;
  }
}

}  // namespace

Directory::Directory(const Fleet& fleet) : fleet_(fleet) {
  for (std::uint32_t pool = 0; pool < fleet.pools.size(); ++pool) {
    const std::string& name = fleet.pools[pool].model.name;
    auto model = std::find_if(models_.begin(), models_.end(), [&](const Model& m) { return m.name == name; });
    if (model == models_.end()) model = models_.insert(models_.end(), {name, {}});
    model_of_pool_.push_back(static_cast<std::uint32_t>(model - models_.begin()));
    first_of_pool_.push_back(static_cast<std::uint32_t>(pool_index_.size()));
    for (std::uint32_t i = 0; i < fleet.pools[pool].replicas; ++i) {
      model->replicas.push_back(static_cast<std::uint32_t>(pool_index_.size()));
      pool_index_.push_back(pool);
    }
    one_way_.push_back(way_to(fleet.pools[pool].site));
  }
}

// From clients straight to the pool, or by way of the site where the router runs.
Nanoseconds Directory::way_to(const std::string& pool_site) const {
  const Site* site = find_named(fleet_.sites, fleet_.router.site.empty() ? pool_site : fleet_.router.site);
  if (site == nullptr) return 0;
  const auto rest = site->site_rtt_seconds.find(pool_site);
  const double rest_seconds = rest == site->site_rtt_seconds.end() ? 0 : rest->second;
  return from_seconds((site->client_rtt_seconds + rest_seconds) / 2);
}

std::uint32_t Directory::model(const traces::Names& names, std::uint32_t name_index) {
  if (name_index >= model_of_name_.size()) model_of_name_.resize(name_index + 1);
  std::optional<std::uint32_t>& known = model_of_name_[name_index];
  if (!known) known = look_up(names.models[name_index]);
  return *known;
}

std::uint32_t Directory::look_up(const std::string& name) const {
  std::vector<std::string> served;
  for (const Model& model : models_) served.push_back(model.name);
  if (name.empty() && models_.size() == 1) return 0;
  for (const Pool& pool : fleet_.pools)
    if (is_called(pool.model, name))
      return static_cast<std::uint32_t>(std::find(served.begin(), served.end(), pool.model.name) -
                                        served.begin());
  throw InputError({{{},
                     "model",
                     name.empty() ? "the workload names no model, and the fleet serves several"
                                  : "the workload asks for model '" + name + "', which no pool serves",
                     valid_names_remedy(name, served)}});
}

Nanoseconds Directory::between(std::uint32_t a, std::uint32_t b) const {
  const Site* site = find_named(fleet_.sites, pool_of(a).site);
  if (site == nullptr) return 0;
  const auto found = site->site_rtt_seconds.find(pool_of(b).site);
  return found == site->site_rtt_seconds.end() ? 0 : from_seconds(found->second / 2);
}

Labels Directory::labels_of(const Pool& pool) const {
  Labels labels = sim::labels_of(fleet_, pool);
  labels.emplace("llm-d.ai/role", sim::name(pool.role));
  return labels;
}

void Directory::add_candidates(const LawfulPools& lawful, Service& service) const {
  const std::vector<std::uint32_t>& replicas = models_[service.model].replicas;
  const auto among = [](const std::vector<std::uint32_t>& pools, std::uint32_t pool) {
    return std::binary_search(pools.begin(), pools.end(), pool);
  };
  for (EndpointId i = 0; i < replicas.size(); ++i) {
    if (among(lawful.pools, pool_index(replicas[i]))) service.candidates.push_back(i);
    if (among(lawful.failover, pool_index(replicas[i]))) service.failover.push_back(i);
  }
  service.may_index = lawful.may_index;
}

Service Directory::service(const traces::Names& names, const Group& group) {
  Service service;
  service.model = model(names, group.model);
  const Tenant* tenant = find_named(fleet_.tenants, names.tenants[group.tenant]);
  const std::string domain = cache_domain(fleet_, names.tenants[group.tenant]);
  if (!domain.empty()) service.salt = hash_text(domain) | 1;
  const std::string& own = names.slo_classes[group.slo_class];
  service.slo_class = own.empty() && tenant != nullptr ? tenant->slo_class : own;
  const SloClass* slo = find_named(fleet_.slo_classes, service.slo_class);
  if (slo != nullptr) add_class(service, *slo);
  add_candidates(lawful_pools(fleet_, names.tenants[group.tenant], models_[service.model].name), service);
  return service;
}

}  // namespace kvsim::sim
