// SPDX-License-Identifier: Apache-2.0
#include "validation/figure_of.h"

#include <cmath>
#include <map>
#include <set>

namespace kvsim::validation {
namespace {

std::optional<double> known(double value) {
  return std::isnan(value) ? std::nullopt : std::optional<double>(value);
}

std::optional<double> pick(const sim::Distribution& of, const std::string& statistic) {
  static const std::map<std::string, double sim::Distribution::*> members{
      {"mean", &sim::Distribution::mean}, {"p50", &sim::Distribution::p50}, {"p90", &sim::Distribution::p90},
      {"p95", &sim::Distribution::p95},   {"p99", &sim::Distribution::p99}, {"max", &sim::Distribution::max}};
  const auto found = members.find(statistic);
  return found == members.end() ? std::nullopt : known(of.*found->second);
}

std::optional<double> pick(const sim::Statistics& of, const std::string& statistic) {
  static const std::map<std::string, double> shares{{"min", 0},    {"p50", 0.5},  {"p90", 0.9},
                                                    {"p95", 0.95}, {"p99", 0.99}, {"max", 1}};
  if (statistic == "mean") return known(of.mean);
  for (std::size_t i = 0; i < of.at.size(); ++i)
    if (sim::statistics_shares()[i] == shares.at(statistic)) return known(of.at[i]);
  return {};
}

std::optional<double> throughput_of(const sim::Throughput& throughput, const std::string& metric) {
  if (metric == "requests_per_second") return throughput.requests_per_second;
  if (metric == "input_tokens_per_second") return throughput.input_tokens_per_second;
  if (metric == "output_tokens_per_second") return throughput.output_tokens_per_second;
  if (metric == "tokens_per_second")
    return throughput.input_tokens_per_second + throughput.output_tokens_per_second;
  return {};
}

std::optional<double> of_stage(const sim::StageSummary& stage, const MeasuredFigure& figure) {
  if (figure.metric == "ttft_seconds") return pick(stage.time_to_first_token, figure.statistic);
  if (figure.metric == "tpot_seconds") return pick(stage.time_per_output_token, figure.statistic);
  if (figure.metric == "itl_seconds") return pick(stage.inter_token_latency, figure.statistic);
  if (figure.metric == "ntpot_seconds") return pick(stage.normalized_time_per_output_token, figure.statistic);
  if (figure.metric == "e2e_seconds") return pick(stage.request_latency, figure.statistic);
  if (figure.metric == "schedule_delay_seconds") return pick(stage.schedule_delay, figure.statistic);
  if (figure.metric == "completed") return static_cast<double>(stage.successes);
  if (figure.metric == "failed") return static_cast<double>(stage.failures);
  return throughput_of(stage.throughput, figure.metric);
}

// A gauge over the run, from the time series of the pools; nothing for another metric.
std::optional<double> gauge_of(const sim::Summary& summary, const MeasuredFigure& figure) {
  static const std::set<std::string> gauges{"running_requests", "waiting_requests", "kv_usage"};
  if (!gauges.contains(figure.metric)) return {};
  std::vector<double> values;
  double blocks = 0;
  for (const sim::PoolSummary& pool : summary.pools) {
    values.resize(std::max(values.size(), pool.series.size()));
    blocks += pool.info.replicas;
    for (std::size_t i = 0; i < pool.series.size(); ++i) {
      if (figure.metric == "running_requests") values[i] += pool.series[i].running;
      if (figure.metric == "waiting_requests") values[i] += pool.series[i].waiting;
      if (figure.metric == "kv_usage") values[i] += pool.series[i].kv_usage * pool.info.replicas;
    }
  }
  if (values.empty()) return {};
  if (figure.metric == "kv_usage")
    for (double& value : values) value /= blocks;
  return pick(sim::statistics(values, 1), figure.statistic);
}

std::optional<double> of_run(const sim::Summary& summary, const MeasuredFigure& figure) {
  const sim::GroupSummary& total = summary.total;
  const std::map<std::string, const sim::Distribution*> latencies{{"ttft_seconds", &total.latency.ttft},
                                                                  {"tpot_seconds", &total.latency.tpot},
                                                                  {"itl_seconds", &total.latency.itl},
                                                                  {"e2e_seconds", &total.latency.e2e},
                                                                  {"queue_seconds", &total.latency.queue}};
  if (const auto found = latencies.find(figure.metric); found != latencies.end())
    return pick(*found->second, figure.statistic);
  if (figure.metric == "duration_seconds") return summary.duration_seconds;
  if (figure.metric == "completed") return static_cast<double>(total.requests.completed);
  if (figure.metric == "failed") return static_cast<double>(total.requests.failed);
  if (figure.metric == "preemptions") return static_cast<double>(total.preemptions);
  if (figure.metric == "hit_ratio") return known(total.cache.hit_ratio());
  if (const std::optional<double> rate = throughput_of(total.throughput, figure.metric)) return rate;
  return gauge_of(summary, figure);
}

std::optional<double> as_simulated(const sim::Summary& summary, const MeasuredFigure& figure) {
  if (!figure.stage) return of_run(summary, figure);
  for (const sim::StageSummary& stage : summary.stages)
    if (stage.info.index == static_cast<std::int32_t>(*figure.stage)) return of_stage(stage, figure);
  return {};
}

}  // namespace

std::optional<double> figure_of(const sim::Summary& summary, const MeasuredFigure& figure) {
  const std::optional<double> value = as_simulated(summary, figure);
  return value ? std::optional(*value / figure.gaps_per_token) : std::nullopt;
}

}  // namespace kvsim::validation
