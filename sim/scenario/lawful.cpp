// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/lawful.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sim/scenario/find_named.h"
#include "sim/scenario/model_names.h"
#include "sim/scenario/read_residency.h"

namespace kvsim::sim {
namespace {

void add(const Labels& more, Labels& labels) { labels.insert(more.begin(), more.end()); }

// Gathers what a policy has against things.
class Judge {
 public:
  Judge(const Fleet& fleet, const ResidencyPolicy& policy) : fleet_(fleet), policy_(policy) {}

  void hold(DataObject object, const std::string& place, const Labels& labels) {
    std::string violation = first_violation(predicate(policy_, object), labels);
    if (!violation.empty()) findings_.push_back({object, place, std::move(violation)});
  }

  void hold_way(const std::string& a, const std::string& b) {
    if (a == b) return;
    const SiteLink* there = site_link(fleet_, a, b);
    const SiteLink* back = site_link(fleet_, b, a);
    hold_link(there, a, b);
    if (back != there) hold_link(back, b, a);
  }

  std::vector<Finding> take() { return std::move(findings_); }

 private:
  void hold_link(const SiteLink* link, const std::string& from, const std::string& to) {
    if (link != nullptr)
      hold(DataObject::kTransit, fmt::format("site link {} to {}", link->from, link->to), link->labels);
    else if (!policy_.transit.empty())
      findings_.push_back(
          {DataObject::kTransit, fmt::format("site link {} to {}", from, to), "is not declared"});
  }

  const Fleet& fleet_;
  const ResidencyPolicy& policy_;
  std::vector<Finding> findings_;
};

LabelPredicate enclave_predicate() { return {{"enclave", {"true"}, {}}}; }

std::string against_isolation(const Fleet& fleet, const std::string& tenant, const Pool& pool) {
  if (!pool.dedicated_to.empty() && pool.dedicated_to != tenant) return "dedicated to " + pool.dedicated_to;
  const Tenant* known = find_tenant(fleet, tenant);
  if (known == nullptr || known->isolation < Isolation::kOwnReplicas) return {};
  if (pool.dedicated_to != tenant) return "not dedicated to it";
  if (known->isolation != Isolation::kEnclave) return {};
  const std::string violation = first_violation(enclave_predicate(), labels_of(fleet, pool));
  return violation.empty() ? violation : violation + " (isolation enclave)";
}

bool asks_for(const Fleet& fleet, const std::string& tenant, const models::ModelCard& card) {
  const Tenant* known = find_tenant(fleet, tenant);
  if (known == nullptr || known->models.empty()) return true;
  return std::any_of(known->models.begin(), known->models.end(),
                     [&](const std::string& name) { return is_called(card, name); });
}

}  // namespace

const std::string& router_site(const Fleet& fleet) {
  return fleet.router.site.empty() ? fleet.pools.front().site : fleet.router.site;
}

Labels labels_of_site(const Fleet& fleet, const std::string& name) {
  const Site* site = find_named(fleet.sites, name);
  return site == nullptr ? Labels() : site->labels;
}

Labels labels_of(const Fleet& fleet, const Pool& pool) {
  Labels labels = pool.labels;
  if (!pool.accelerator.vendor.empty()) labels.emplace("vendor", pool.accelerator.vendor);
  add(labels_of_site(fleet, pool.site), labels);
  return labels;
}

Labels labels_of(const Fleet& fleet, const StorageSystemSettings& system, const Pool& mounted_by) {
  Labels labels = system.labels;
  add(system.local ? labels_of(fleet, mounted_by) : labels_of_site(fleet, system.site), labels);
  return labels;
}

const SiteLink* site_link(const Fleet& fleet, const std::string& from, const std::string& to) {
  const SiteLink* reverse = nullptr;
  for (const SiteLink& link : fleet.network.site_links) {
    if (link.from == from && link.to == to) return &link;
    if (link.from == to && link.to == from) reverse = &link;
  }
  return reverse;
}

const Tenant* find_tenant(const Fleet& fleet, const std::string& name) {
  return find_named(fleet.tenants, name);
}

const ResidencyPolicy& residency_of(const Fleet& fleet, const std::string& tenant) {
  const Tenant* known = find_tenant(fleet, tenant);
  return known == nullptr ? fleet.default_residency : known->residency;
}

bool has_policies(const Fleet& fleet) {
  return fleet.default_residency.any() || std::any_of(fleet.tenants.begin(), fleet.tenants.end(),
                                                      [](const Tenant& t) { return t.residency.any(); });
}

std::string cache_domain(const Fleet& fleet, const std::string& tenant) {
  const Tenant* known = find_tenant(fleet, tenant);
  if (known != nullptr && known->isolation >= Isolation::kOwnSalt) return tenant;
  const ResidencyPolicy& policy = residency_of(fleet, tenant);
  return policy.any() ? "residency " + residency_yaml(policy) : "";
}

std::vector<Finding> findings(const Fleet& fleet, const ResidencyPolicy& policy, const Pool& pool) {
  if (!policy.any()) return {};
  Judge judge(fleet, policy);
  const Labels labels = labels_of(fleet, pool);
  judge.hold(DataObject::kCompute, "", labels);
  judge.hold(DataObject::kKvInMemory, "", labels);
  if (pool.tiers.storage) {
    const StorageSystemSettings& system = fleet.storage[pool.tiers.storage->system];
    judge.hold(DataObject::kKvAtRest, "storage " + system.name, labels_of(fleet, system, pool));
    if (!system.local) judge.hold_way(pool.site, system.site);
  }
  const std::string router = router_site(fleet);
  judge.hold(DataObject::kTransit, "router at " + router, labels_of_site(fleet, router));
  judge.hold_way(router, pool.site);
  return judge.take();
}

std::vector<Finding> findings_of_pair(const Fleet& fleet, const ResidencyPolicy& policy, const Pool& prefill,
                                      const Pool& decode) {
  Judge judge(fleet, policy);
  judge.hold_way(prefill.site, decode.site);
  return judge.take();
}

std::vector<std::string> in_words(const std::vector<Finding>& findings) {
  std::vector<std::string> places, objects;
  for (const Finding& finding : findings) {
    const std::string place = finding.place.empty() ? finding.violation
                              : finding.violation.starts_with("is ")
                                  ? finding.place + " " + finding.violation
                                  : finding.place + ": " + finding.violation;
    const auto known = std::find(places.begin(), places.end(), place);
    if (known == places.end()) {
      places.push_back(place);
      objects.emplace_back(name(finding.object));
    } else {
      objects[static_cast<std::size_t>(known - places.begin())] += std::string(", ") + name(finding.object);
    }
  }
  for (std::size_t i = 0; i < places.size(); ++i) places[i] += " (" + objects[i] + ")";
  return places;
}

std::vector<std::string> reasons_against(const Fleet& fleet, const std::string& tenant, const Pool& pool) {
  std::vector<std::string> reasons;
  if (std::string isolation = against_isolation(fleet, tenant, pool); !isolation.empty())
    reasons.push_back(std::move(isolation));
  for (std::string& reason : in_words(findings(fleet, residency_of(fleet, tenant), pool)))
    reasons.push_back(std::move(reason));
  return reasons;
}

namespace {

// Takes out pools that hand KV over to, or get it from, another one by a way that the policy forbids: first
// those that only prefill, for the others can serve alone.
void drop_unlawful_pairs(const Fleet& fleet, const ResidencyPolicy& policy,
                         std::vector<std::uint32_t>& pools) {
  const auto forbidden = [&](const Pool& from, const Pool& to) {
    const bool hand_over =
        from.role != to.role && from.role != PoolRole::kDecode && to.role != PoolRole::kPrefill;
    return hand_over && !findings_of_pair(fleet, policy, from, to).empty();
  };
  for (const PoolRole role : {PoolRole::kPrefill, PoolRole::kDecode}) {
    const std::vector<std::uint32_t> before = pools;
    std::erase_if(pools, [&](std::uint32_t i) {
      const Pool& pool = fleet.pools[i];
      return pool.role == role && std::any_of(before.begin(), before.end(), [&](std::uint32_t other) {
               return forbidden(pool, fleet.pools[other]) || forbidden(fleet.pools[other], pool);
             });
    });
  }
}

}  // namespace

LawfulPools lawful_pools(const Fleet& fleet, const std::string& tenant, const std::string& model) {
  LawfulPools lawful;
  const ResidencyPolicy& policy = residency_of(fleet, tenant);
  for (std::uint32_t i = 0; i < fleet.pools.size(); ++i) {
    const Pool& pool = fleet.pools[i];
    if (pool.model.name != model || !asks_for(fleet, tenant, pool.model)) continue;
    if (!reasons_against(fleet, tenant, pool).empty()) continue;
    lawful.pools.push_back(i);
  }
  drop_unlawful_pairs(fleet, policy, lawful.pools);
  const bool some_serve = std::any_of(lawful.pools.begin(), lawful.pools.end(), [&](std::uint32_t i) {
    return fleet.pools[i].role != PoolRole::kPrefill;
  });
  if (!some_serve) lawful.pools.clear();
  for (const std::uint32_t i : lawful.pools)
    if (holds(policy.failover, labels_of(fleet, fleet.pools[i]))) lawful.failover.push_back(i);
  lawful.may_index = holds(policy.router_index, labels_of_site(fleet, router_site(fleet)));
  return lawful;
}

std::string why_unlawful(const Fleet& fleet, const std::string& tenant, const std::string& model) {
  std::vector<std::string> pools;
  for (const Pool& pool : fleet.pools) {
    if (pool.model.name != model) continue;
    if (!asks_for(fleet, tenant, pool.model)) return "its `models` do not name it";
    const std::vector<std::string> reasons = reasons_against(fleet, tenant, pool);
    if (!reasons.empty()) pools.push_back(fmt::format("pool {}: {}", pool.name, join(reasons, ", ")));
  }
  return join(pools, "; ");
}

}  // namespace kvsim::sim
