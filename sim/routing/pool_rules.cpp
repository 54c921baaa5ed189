// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/pool_rules.h"

#include <algorithm>
#include <cmath>

#include "sim/scenario/find_named.h"

namespace kvsim::sim {
namespace {

constexpr double kUsageUnit = 4294967296.0;  // 2^32

const PoolRule* rule_for(const std::vector<PoolRule>& rules, const RuleSubject& subject) {
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const PoolRule& rule) {
    return (rule.slo_class.empty() || rule.slo_class == subject.slo_class) &&
           (rule.tenant.empty() || rule.tenant == subject.tenant);
  });
  return found == rules.end() ? nullptr : &*found;
}

bool only_prefills(const PoolChoices::Listed& listed) { return listed.role == PoolRole::kPrefill; }

// Places of all listed pools of one kind.
std::vector<std::size_t> all_places(const PoolChoices& choices, bool prefill_only) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < choices.listed().size(); ++i)
    if (only_prefills(choices.listed()[i]) == prefill_only) places.push_back(i);
  return places;
}

}  // namespace

const EndpointIds& PoolChoices::merged(const std::vector<std::size_t>& places) {
  if (places.size() == 1) return listed_[places.front()].endpoints;
  EndpointIds& endpoints = merged_[places];
  if (!endpoints.empty() || places.empty()) return endpoints;
  for (const std::size_t place : places)
    endpoints.insert(endpoints.end(), listed_[place].endpoints.begin(), listed_[place].endpoints.end());
  std::sort(endpoints.begin(), endpoints.end());
  return endpoints;
}

std::optional<PoolChoices> pool_choices(const std::vector<PoolRule>& rules, const std::vector<Pool>& pools,
                                        const std::vector<Endpoint>& endpoints, const RuleSubject& subject) {
  const PoolRule* rule = rule_for(rules, subject);
  if (rule == nullptr) return {};
  std::vector<PoolChoices::Listed> listed;
  bool first_serves = true, first_prefills = true;  // of the pools that the rule names
  for (const std::string& name : rule->pools) {
    const Pool* pool = find_named(pools, name);
    if (pool == nullptr) continue;
    bool& first = pool->role == PoolRole::kPrefill ? first_prefills : first_serves;
    PoolChoices::Listed entry{static_cast<std::uint32_t>(pool - pools.data()), pool->role, {}};
    for (const EndpointId endpoint : first ? subject.candidates : subject.failover)
      if (endpoints[endpoint].pool == entry.pool) entry.endpoints.push_back(endpoint);
    first = false;
    if (!entry.endpoints.empty()) listed.push_back(std::move(entry));
  }
  return PoolChoices(*rule, std::move(listed));
}

PoolLoads::PoolLoads(const std::vector<Endpoint>& endpoints) : kv_usage_(endpoints.size()) {
  for (const Endpoint& endpoint : endpoints) {
    pool_of_.push_back(endpoint.pool);
    weight_.push_back(endpoint.capacity_weight);
    if (loads_.size() <= endpoint.pool) loads_.resize(endpoint.pool + 1);
  }
  full_weight_ = weight_;
  for (std::uint32_t pool = 0; pool < loads_.size(); ++pool) add_up(pool);
}

void PoolLoads::add_up(std::uint32_t pool) {
  loads_[pool].weight = loads_[pool].replicas = 0;
  for (std::size_t i = 0; i < pool_of_.size(); ++i) {
    if (pool_of_[i] != pool || weight_[i] <= 0) continue;
    loads_[pool].weight += weight_[i];
    loads_[pool].replicas += 1;
  }
}

void PoolLoads::set_present(EndpointId endpoint, bool present) {
  scraped(endpoint, 0);
  weight_[endpoint] = present ? full_weight_[endpoint] : 0;
  add_up(pool_of_[endpoint]);
}

void PoolLoads::dispatched(const Ticket& ticket) {
  ++loads_[pool_of_[ticket.decode]].requests;
  if (ticket.prefill) ++loads_[pool_of_[*ticket.prefill]].requests;
}

void PoolLoads::scraped(EndpointId endpoint, double kv_usage) {
  const std::int64_t usage = std::llround(kv_usage * kUsageUnit);
  loads_[pool_of_[endpoint]].kv_usage += usage - kv_usage_[endpoint];
  kv_usage_[endpoint] = usage;
}

bool PoolLoads::full(std::uint32_t pool, const PoolRule& rule) const {
  const Load& load = loads_[pool];
  const double in_flight = static_cast<double>(load.requests) / load.weight;
  const double usage = static_cast<double>(load.kv_usage) / kUsageUnit / load.replicas;
  return (rule.spill_at_in_flight > 0 && in_flight >= rule.spill_at_in_flight) ||
         (rule.spill_at_kv_usage > 0 && usage >= rule.spill_at_kv_usage);
}

std::optional<std::size_t> PoolLoads::first_with_room(const PoolChoices& choices, bool prefill_only) const {
  for (std::size_t i = 0; i < choices.listed().size(); ++i) {
    const PoolChoices::Listed& listed = choices.listed()[i];
    if (only_prefills(listed) == prefill_only && !full(listed.pool, choices.rule())) return i;
  }
  return {};
}

const EndpointIds& PoolLoads::narrow(PoolChoices& choices) const {
  const std::optional<std::size_t> serves = first_with_room(choices, false);
  std::vector<std::size_t> places = serves ? std::vector<std::size_t>{*serves} : all_places(choices, false);
  const bool decodes = std::any_of(places.begin(), places.end(), [&](std::size_t place) {
    return choices.listed()[place].role == PoolRole::kDecode;
  });
  if (decodes) {
    const std::optional<std::size_t> prefills = first_with_room(choices, true);
    const std::vector<std::size_t> joining =
        prefills ? std::vector<std::size_t>{*prefills} : all_places(choices, true);
    places.insert(places.end(), joining.begin(), joining.end());
  }
  return choices.merged(places);
}

}  // namespace kvsim::sim
