// SPDX-License-Identifier: Apache-2.0
#include "planner/output/tenant_costs.h"

#include <algorithm>
#include <limits>
#include <map>

#include "planner/cost_lines.h"

namespace kvsim::planner {
namespace {

constexpr double kSecondsPerYear = kHoursPerYear * 3600;
constexpr const char* kEverybody = "all tenants";

// Shares of the TCO by owner of the pools ("": shared), by what their servers cost if nothing stood there
// already.
std::map<std::string, double> shares_by_owner(const Plan& plan, const EvaluatedFleet& best) {
  const std::vector<PoolOption>& pools = plan.options.pools;
  const UnitCosts units = unit_costs(plan.problem, pools, best.normal.watts);
  std::map<std::string, double> shares;
  double all = 0;
  for (std::size_t i = 0; i < pools.size(); ++i) {
    if (best.choice.servers[i] == 0) continue;
    const double cost = best.choice.servers[i] * units.server[i].tco;
    shares[pools[i].dedicated_to] += cost;
    all += cost;
  }
  for (auto& [owner, share] : shares)
    share = all > 0 ? share / all : 1.0 / static_cast<double>(shares.size());
  return shares;
}

std::vector<TenantCost> tenants_of(const Plan& plan, const std::map<std::string, double>& shares) {
  std::vector<TenantCost> tenants;
  const auto is_named = [&](const std::string& name) {
    return std::any_of(tenants.begin(), tenants.end(),
                       [&](const TenantCost& tenant) { return tenant.tenant == name; });
  };
  for (const TenantService& service : plan.service)
    tenants.push_back(
        {.tenant = service.tenant,
         .requests_per_second = service.requests_per_second,
         .tokens_per_second = service.input_tokens_per_second + service.output_tokens_per_second});
  for (const auto& [owner, share] : shares)
    if (!owner.empty() && !is_named(owner)) tenants.push_back({.tenant = owner});
  const bool has_sharers = std::any_of(tenants.begin(), tenants.end(), [&](const TenantCost& tenant) {
    return !shares.contains(tenant.tenant);
  });
  if (!has_sharers && shares.contains("")) tenants.push_back({.tenant = kEverybody});
  return tenants;
}

void divide(const std::map<std::string, double>& shares, std::vector<TenantCost>& tenants) {
  std::vector<TenantCost*> sharers;
  double tokens = 0;
  for (TenantCost& tenant : tenants) {
    if (const auto own = shares.find(tenant.tenant); own != shares.end()) {
      tenant.dedicated_share = own->second;
      continue;
    }
    sharers.push_back(&tenant);
    tokens += tenant.tokens_per_second;
  }
  const auto shared = shares.find("");
  for (TenantCost* tenant : sharers) {
    const double part =
        tokens > 0 ? tenant->tokens_per_second / tokens : 1 / static_cast<double>(sharers.size());
    tenant->shared_share = shared == shares.end() ? 0 : shared->second * part;
  }
}

// Money for each of what comes at a rate at the simulated load, over the plan's years at its mean load.
double over(double money, const Problem& problem, double per_second) {
  const double count = per_second * problem.finance.years * kSecondsPerYear * problem.workload.mean_load;
  return count > 0 ? money / count : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

std::vector<TenantCost> cost_per_tenant(const Plan& plan) {
  if (!plan.best) return {};
  const EvaluatedFleet& best = plan.evaluated[*plan.best];
  const std::map<std::string, double> shares = shares_by_owner(plan, best);
  std::vector<TenantCost> tenants = tenants_of(plan, shares);
  divide(shares, tenants);
  for (TenantCost& tenant : tenants) {
    tenant.tco = tenant.share() * best.cost.tco;
    tenant.per_million_tokens = over(tenant.tco, plan.problem, tenant.tokens_per_second / 1e6);
  }
  return tenants;
}

ServedPrices served_prices(const Plan& plan) {
  if (!plan.best) return {};
  double requests = 0, input = 0, output = 0;
  for (const TenantService& tenant : plan.service) {
    requests += tenant.requests_per_second;
    input += tenant.input_tokens_per_second;
    output += tenant.output_tokens_per_second;
  }
  const double tco = plan.evaluated[*plan.best].cost.tco;
  return {over(tco, plan.problem, requests), over(tco, plan.problem, input / 1e6),
          over(tco, plan.problem, output / 1e6), over(tco, plan.problem, (input + output) / 1e6)};
}

}  // namespace kvsim::planner
