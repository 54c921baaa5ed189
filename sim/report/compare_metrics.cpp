// SPDX-License-Identifier: Apache-2.0
#include "sim/report/compare_metrics.h"

#include <algorithm>

namespace kvsim::sim {
namespace {

using Metrics = std::vector<ComparedMetric>;

void append(Metrics& metrics, const Metrics& more) {
  metrics.insert(metrics.end(), more.begin(), more.end());
}

// Of the run and of each pool, model, tenant and class.
Metrics group_metrics() {
  Metrics metrics = {{"throughput.requests_per_second", Good::kMore},
                     {"throughput.input_tokens_per_second", Good::kMore},
                     {"throughput.output_tokens_per_second", Good::kMore}};
  for (const char* latency : {"ttft", "tpot", "itl", "e2e"})
    for (const char* statistic : {"mean", "p50", "p90", "p95", "p99"})
      metrics.push_back({std::string("latency.") + latency + "_seconds." + statistic, Good::kLess});
  append(metrics, {{"slo_attainment", Good::kMore},
                   {"requests.failed", Good::kLess},
                   {"requests.rejected", Good::kLess},
                   {"cache.hit_ratio", Good::kMore},
                   {"preemptions", Good::kLess},
                   {"recomputed_tokens", Good::kLess}});
  return metrics;
}

Metrics run_metrics() {
  Metrics metrics = group_metrics();
  append(metrics, {{"fairness.jain", Good::kMore},
                   {"cost.per_hour", Good::kLess},
                   {"cost.per_million_output_tokens", Good::kLess},
                   {"power.mean_watts", Good::kLess},
                   {"power.joules_per_output_token", Good::kLess}});
  return metrics;
}

Metrics slo_metrics() {
  return {{"attainment", Good::kMore},
          {"worst_hour_attainment", Good::kMore},
          {"goodput_requests_per_second", Good::kMore},
          {"goodput_tokens_per_second", Good::kMore}};
}

Metrics pool_metrics() {
  Metrics metrics = group_metrics();
  append(metrics, {{"busy_fraction", Good::kNeither},
                   {"compute_utilisation", Good::kNeither},
                   {"memory_utilisation", Good::kNeither},
                   {"kv_usage.mean", Good::kNeither},
                   {"kv_usage.max", Good::kNeither},
                   {"mean_watts", Good::kLess}});
  return metrics;
}

}  // namespace

std::vector<ComparedKind> compared_kinds(const std::vector<std::string>& by) {
  std::vector<ComparedKind> kinds = {{"", "", "", run_metrics()}, {"slo", "slo", "class", slo_metrics()}};
  const ComparedKind more[] = {{"pool", "pools", "name", pool_metrics()},
                               {"model", "models", "name", group_metrics()},
                               {"tenant", "tenants", "name", group_metrics()},
                               {"class", "classes", "name", group_metrics()}};
  for (const ComparedKind& kind : more)
    if (std::find(by.begin(), by.end(), kind.name) != by.end()) kinds.push_back(kind);
  return kinds;
}

}  // namespace kvsim::sim
