// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/summarize.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/metrics/group_summary.h"
#include "sim/metrics/sizing_summary.h"
#include "sim/metrics/slo.h"
#include "sim/metrics/stage_summary.h"
#include "sim/metrics/verdict.h"

namespace kvsim::sim {
namespace {

double mean_watts(const std::vector<SeriesPoint>& series) {
  double joules = 0;
  double seconds = 0;
  for (const SeriesPoint& point : series) {
    joules += point.watts * point.width_seconds;
    seconds += point.width_seconds;
  }
  return seconds > 0 ? joules / seconds : kNotANumber;
}

void set_kv_usage(PoolSummary& pool) {
  double weighted = 0;
  double seconds = 0;
  for (const SeriesPoint& point : pool.series) {
    weighted += point.kv_usage * point.width_seconds;
    seconds += point.width_seconds;
    pool.kv_usage_max =
        std::isnan(pool.kv_usage_max) ? point.kv_usage : std::max(pool.kv_usage_max, point.kv_usage);
  }
  if (seconds > 0) pool.kv_usage_mean = weighted / seconds;
}

PoolSummary pool_summary(const Recorder& recorder, std::uint32_t index, GroupSummary&& group,
                         double duration) {
  PoolSummary pool;
  static_cast<GroupSummary&>(pool) = std::move(group);
  pool.info = recorder.pools()[index];
  pool.series = recorder.series(index).points(pool.info);
  const PoolSample last = recorder.series(index).last();
  const double replica_seconds = duration * pool.info.replicas;
  if (replica_seconds > 0) {
    pool.busy_fraction = recorder.busy_seconds(index) / replica_seconds;
    pool.compute_utilisation = last.ideal_compute_seconds / replica_seconds;
    pool.memory_utilisation = last.ideal_memory_seconds / replica_seconds;
  }
  pool.traffic = recorder.traffic(index);
  pool.fitted = recorder.fitted_use(index).quantities();
  set_kv_usage(pool);
  pool.mean_watts = mean_watts(pool.series);
  return pool;
}

void add_extrapolation_notes(const PoolSummary& pool, std::vector<Note>& notes) {
  for (const QuantityUse& use : pool.fitted) {
    if (use.outside_steps == 0) continue;
    notes.push_back(
        {fmt::format("pool {}: {}", pool.name, models::name(use.fitted.quantity)),
         fmt::format(
             "from {:.6g} to {:.6g}, but step times were fitted from {:.6g} to {:.6g}: {:.3g} % of steps, "
             "{:.3g} % of busy time are extrapolated",
             use.least, use.most, use.fitted.range.low, use.fitted.range.high, 100 * use.outside_steps_share,
             100 * use.outside_busy_share)});
  }
}

void set_pools(Summary& summary, const Recorder& recorder, const RunFacts& facts) {
  std::vector<GroupSummary> groups = group_summaries(recorder, facts, by_pool(recorder.pools()),
                                                     summary.duration_seconds, &summary.total.latency);
  for (std::uint32_t i = 0; i < groups.size(); ++i)
    summary.pools.push_back(pool_summary(recorder, i, std::move(groups[i]), summary.duration_seconds));
  for (const PoolSummary& pool : summary.pools) {
    summary.traffic.add(pool.traffic);
    add_extrapolation_notes(pool, summary.validity);
  }
}

void set_cost(Summary& summary) {
  double per_hour = 0;
  bool known = true;
  for (const PoolSummary& pool : summary.pools) {
    if (pool.info.price_per_hour) {
      per_hour += *pool.info.price_per_hour * pool.info.accelerators();
    } else {
      known = false;
      summary.validity.push_back(
          {"pool " + pool.name + ": cost", "no price is known for " + pool.info.accelerator});
    }
  }
  if (!known) return;
  summary.cost_per_hour = per_hour;
  const double output = summary.total.throughput.output_tokens_per_second;
  if (output > 0) summary.cost_per_million_output_tokens = per_hour / 3600 / output * 1e6;
}

void set_power(Summary& summary) {
  double watts = 0;
  for (const PoolSummary& pool : summary.pools) watts += pool.mean_watts;
  summary.mean_watts = watts;
  const double output = summary.total.throughput.output_tokens_per_second;
  if (output > 0) summary.joules_per_output_token = watts / output;
  summary.validity.push_back(
      {"power", "prior from idle and peak power and attained utilisation, accelerators only; not measured"});
}

}  // namespace

Summary summarize(const Recorder& recorder, const RunFacts& facts) {
  Summary summary;
  summary.scenario = facts.scenario;
  summary.duration_seconds = recorder.rows().size() == 0 ? 0 : to_seconds(facts.end - facts.first_arrival);
  const double duration = summary.duration_seconds;
  const Partition tenants = by_label(facts.labels.tenants, facts.groups, &Group::tenant);
  summary.total = group_summaries(recorder, facts, whole(), duration)[0];
  summary.curves = latency_curves(recorder);
  summary.slo = slo_summaries(recorder, facts, duration);
  summary.verdict = judge(recorder, facts.first_arrival);
  summary.routing = recorder.routing();
  summary.jain = jain_index(recorder, tenants);
  const auto parts = [&](const Partition& partition) {
    return group_summaries(recorder, facts, partition, duration, &summary.total.latency);
  };
  summary.models = parts(by_label(facts.labels.models, facts.groups, &Group::model));
  summary.classes = parts(by_label(facts.labels.slo_classes, facts.groups, &Group::slo_class));
  summary.tenants = parts(tenants);
  summary.validity = facts.validity;
  set_pools(summary, recorder, facts);
  summary.sizing = sizing_of(recorder, facts, summary.verdict);
  if (facts.has_outages)
    summary.availability = recorder.availability().summary(recorder.pools(), facts.first_arrival, facts.end);
  if (!recorder.tiers().rows().empty())
    summary.storage_losses = losses_of(recorder.tiers().rows().back().storage);
  summary.stages = stage_summaries(recorder, facts);
  summary.currency = facts.currency;
  set_cost(summary);
  set_power(summary);
  summary.performance = facts.performance;
  return summary;
}

}  // namespace kvsim::sim
