// SPDX-License-Identifier: Apache-2.0
#include "planner/tenant_service.h"

#include <cmath>

#include "planner/summary_parts.h"
#include "sim/report/sweep_runs.h"

namespace kvsim::planner {
namespace {

// 0 where a run has no such tenant.
double mean(const Summaries& runs, const std::string& tenant, const char* path) {
  double sum = 0;
  for (const auto& run : runs) {
    const Node* group = sim::item_named(*run, "tenants", "name", tenant);
    const double value = group == nullptr ? 0 : number(*group, path);
    sum += value;
  }
  return sum / static_cast<double>(runs.size());
}

TenantService service_of(const Summaries& runs, const std::string& tenant) {
  TenantService service;
  service.tenant = tenant;
  service.requests_per_second = mean(runs, tenant, "throughput.requests_per_second");
  service.input_tokens_per_second = mean(runs, tenant, "throughput.input_tokens_per_second");
  service.output_tokens_per_second = mean(runs, tenant, "throughput.output_tokens_per_second");
  const double attainment = mean(runs, tenant, "slo_attainment");
  if (!std::isnan(attainment)) service.attainment = attainment;
  return service;
}

}  // namespace

std::vector<TenantService> service_of_tenants(const Summaries& runs) {
  std::vector<TenantService> services;
  if (runs.empty()) return services;
  const Node* tenants = runs.front()->find("tenants");
  if (tenants == nullptr) return services;
  for (const Node& tenant : tenants->items) services.push_back(service_of(runs, tenant.find("name")->scalar));
  return services;
}

}  // namespace kvsim::planner
