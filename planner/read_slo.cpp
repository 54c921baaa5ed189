// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/latency_limit.h"
#include "planner/read_parts.h"
#include "sim/scenario/unique_name.h"

namespace kvsim::planner {
namespace {

constexpr double kUsualAttainment = 0.95;
constexpr double kLongestSeconds = 1e9;
const std::vector<std::string> kMetrics{"ttft", "tpot", "e2e"};
const std::vector<std::string> kStatistics{"mean", "p50", "p90", "p95", "p99", "max"};

std::optional<double> read_limit(Fields& fields, std::string_view key, const std::string& metric) {
  const auto limit = read_latency_limit_seconds(fields, key, metric);
  if (limit && (*limit <= 0 || *limit > kLongestSeconds)) {
    fields.problem(key, fmt::format("found a limit of {} s", *limit), "give a duration such as 500ms");
    return 1;
  }
  return limit;
}

// One metric: a duration, or a map of statistics, among which `limit` is that of each request.
void read_metric(Fields& fields, const std::string& metric, SloGoal& goal) {
  const Node* node = fields.raw(metric);
  if (node == nullptr || !node->is_map()) {
    if (const auto limit = read_limit(fields, metric, metric)) goal.limits.push_back({metric, *limit});
    return;
  }
  Fields statistics = fields.map(metric);
  if (const auto limit = read_limit(statistics, "limit", metric)) goal.limits.push_back({metric, *limit});
  for (const std::string& statistic : kStatistics)
    if (const auto limit = read_limit(statistics, statistic, metric))
      goal.targets.push_back({metric, statistic, *limit});
  statistics.finish();
}

SloGoal read_goal(Fields& fields, Defaults& defaults) {
  SloGoal goal;
  for (const std::string& metric : kMetrics) read_metric(fields, metric, goal);
  const auto attainment = fields.maybe_number("attainment", {0, 1, true});
  goal.attainment = attainment.value_or(kUsualAttainment);
  if (goal.limits.empty() && goal.targets.empty())
    fields.problem("", "no goal", "add ttft, tpot or e2e, such as ttft: 1s");
  if (goal.limits.empty() && attainment)
    fields.problem("attainment", "no limit of a request that could be attained",
                   "add one, such as ttft: {limit: 2s, p90: 1s}");
  if (!goal.limits.empty() && !attainment)
    defaults.tell(fields, "attainment", fmt::format("{}", kUsualAttainment));
  return goal;
}

bool has_goal_keys(const Fields& fields) {
  return fields.has("attainment") || std::any_of(kMetrics.begin(), kMetrics.end(),
                                                 [&](const auto& metric) { return fields.has(metric); });
}

SloGoal read_normal(Fields& fields, Defaults& defaults) {
  Fields normal = fields.map("normal");
  if (!normal.present()) return read_goal(fields, defaults);
  if (has_goal_keys(fields))
    fields.problem("normal", "stands beside goals of the class itself", "keep one of them");
  SloGoal goal = read_goal(normal, defaults);
  normal.finish();
  return goal;
}

SloPlan read_plan(Fields& fields, std::string name, ProblemReading& reading) {
  SloPlan plan;
  plan.name = std::move(name);
  plan.normal = read_normal(fields, reading.defaults);
  Fields degraded = fields.map("degraded");
  if (degraded.present()) {
    plan.degraded = read_goal(degraded, reading.defaults);
    degraded.finish();
  } else if (!reading.problem.constraints.spare.empty()) {
    reading.defaults.tell(fields, "degraded", "as normal");
  }
  plan.priority = static_cast<std::int32_t>(fields.integer("priority", {-1000, 1000}, 0));
  if (const auto priority = fields.maybe_integer("objective_priority", {-1'000'000, 1'000'000}))
    plan.objective_priority = static_cast<std::int32_t>(*priority);
  for (const std::string& metric : kMetrics) fields.raw(metric);
  fields.raw("attainment");
  fields.finish();
  return plan;
}

}  // namespace

void read_slos(Fields& root, ProblemReading& reading) {
  std::vector<SloPlan>& slos = reading.problem.slos;
  Fields all = root.map("slo");
  if (all.present()) slos.push_back(read_plan(all, "", reading));
  if (all.present() && root.has("slo_classes"))
    root.problem("slo", "stands beside `slo_classes`", "keep one of them");
  for (Fields& entry : root.maps("slo_classes"))
    slos.push_back(read_plan(entry, sim::unique_name(entry, slos), reading));
  if (slos.empty() && !root.has("slo"))
    root.problem("", "no SLO", "add one, such as slo: {ttft: 1s, tpot: 50ms, attainment: 0.95}");
}

}  // namespace kvsim::planner
