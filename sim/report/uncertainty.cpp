// SPDX-License-Identifier: Apache-2.0
#include "sim/report/uncertainty.h"

#include <fmt/format.h>

#include <sstream>

#include "sim/report/results_folder.h"
#include "sim/report/sweep_runs.h"

namespace kvsim::sim {
namespace {

constexpr std::uint64_t kEnoughDraws = 19;  // for a band of 90 %

std::vector<std::string> metrics_with_bands(const Summary& summary) {
  std::vector<std::string> metrics;
  for (const char* latency : {"ttft", "tpot", "e2e"})
    for (const char* statistic : {"mean", "p50", "p90", "p99"})
      metrics.push_back(fmt::format("latency.{}_seconds.{}", latency, statistic));
  for (const char* metric : {"throughput.requests_per_second", "throughput.output_tokens_per_second",
                             "cache.hit_ratio", "slo_attainment"})
    metrics.emplace_back(metric);
  for (std::size_t i = 0; i < summary.slo.size(); ++i) metrics.push_back(fmt::format("slo.{}.attainment", i));
  for (const char* metric :
       {"cost.per_million_output_tokens", "power.mean_watts", "power.joules_per_output_token"})
    metrics.emplace_back(metric);
  return metrics;
}

std::shared_ptr<const Node> as_json(const Summary& summary) {
  std::ostringstream text;
  write_summary_json(text, summary);
  return parse_json(text.str(), "summary.json").root;
}

void add_notes(Summary& best, std::uint64_t draws, std::uint64_t failed) {
  if (draws < kEnoughDraws)
    best.validity.push_back(
        {"uncertainty", fmt::format("bands of {} draws reach from the least to the greatest: one more draw "
                                    "falls between them with {:.0f} %",
                                    draws, 100 * band_interval(draws))});
  if (failed > 0)
    best.validity.push_back(
        {"uncertainty", fmt::format("{} of {} drawn profiles gave no fleet that can run; bands are those of "
                                    "the others",
                                    failed, draws + failed)});
  for (const PoolSummary& pool : best.pools)
    if (pool.info.step_time.kind == models::StepTimeKind::kTable)
      best.validity.push_back({fmt::format("pool {}: uncertainty", pool.name),
                               "none is known of a table: it is the same in all draws"});
}

}  // namespace

void add_bands(Summary& best, const std::vector<std::shared_ptr<const Node>>& draws, std::uint64_t failed) {
  Uncertainty uncertainty{draws.size(), failed, {}};
  const std::shared_ptr<const Node> own = as_json(best);
  for (const std::string& metric : metrics_with_bands(best)) {
    std::vector<double> values;
    for (const auto& draw : draws)
      if (const auto value = metric_of(*draw, metric)) values.push_back(*value);
    const auto value = metric_of(*own, metric);
    if (value || !values.empty()) uncertainty.bands.push_back(band_of(metric, value, std::move(values)));
  }
  best.uncertainty = std::move(uncertainty);
  add_notes(best, draws.size(), failed);
}

}  // namespace kvsim::sim
