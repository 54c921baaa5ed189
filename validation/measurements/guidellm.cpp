// SPDX-License-Identifier: Apache-2.0
// GuideLLM's report, both layouts: settings in `args` or in `config`, results in `benchmarks[]`.
#include "validation/measurements/figure_list.h"
#include "validation/measurements/formats.h"

namespace kvsim::validation {
namespace {

// Of the values of successful requests. Older reports name those `completed`.
Fields successful(Fields& metrics, std::string_view key) {
  Fields by_status = metrics.map(key);
  return first_map(by_status, {"successful", "completed", "total"});
}

void add_latency(FigureList& figures, std::string_view metric, Fields block, double unit) {
  static const Spelling own{{"mean", "mean"}, {"p50", "median"}, {"min", "min"}, {"max", "max"}};
  static const Spelling percentiles{{"p50", "p50"}, {"p90", "p90"}, {"p95", "p95"}, {"p99", "p99"}};
  Fields shares = block.map("percentiles");
  figures.add_block(metric, shares, percentiles, unit);
  figures.add_block(metric, block, own, unit);
}

std::optional<double> mean_of(Fields& metrics, std::string_view key) {
  Fields block = successful(metrics, key);
  return first_number(block, {"mean"});
}

Fields strategy_of(Fields& benchmark) {
  Fields settings = first_map(benchmark, {"config", "args"});
  return first_map(settings, {"strategy", "profile"});
}

std::optional<double> duration_of(Fields& benchmark) {
  if (const auto duration = first_number(benchmark, {"duration"})) return duration;
  Fields stats = first_map(benchmark, {"run_stats", "scheduler_metrics"});
  const auto start = first_number(benchmark, {"start_time"}), end = first_number(benchmark, {"end_time"});
  if (start && end && *end >= *start) return *end - *start;
  return first_number(stats, {"duration"});
}

MeasuredStage stage_of(Fields& benchmark, Fields& metrics, std::uint32_t index) {
  MeasuredStage stage;
  stage.index = index;
  Fields strategy = strategy_of(benchmark);
  stage.requested_rate = first_number(strategy, {"rate"});
  stage.concurrency = first_number(strategy, {"streams", "max_concurrency"});
  stage.duration_seconds = duration_of(benchmark);
  Fields totals = metrics.map("request_totals");
  stage.requests = first_number(totals, {"total"});
  stage.successes = first_number(totals, {"successful"});
  stage.failures = first_number(totals, {"errored"});
  stage.prompt_tokens_mean = mean_of(metrics, "prompt_token_count");
  stage.output_tokens_mean = mean_of(metrics, "output_token_count");
  return stage;
}

void add_figures(const MeasuredStage& stage, Fields& metrics, FigureList figures) {
  figures.add_counts(stage);
  figures.add("requests_per_second", mean_of(metrics, "requests_per_second"));
  figures.add("input_tokens_per_second", mean_of(metrics, "prompt_tokens_per_second"));
  figures.add("output_tokens_per_second", mean_of(metrics, "output_tokens_per_second"));
  figures.add("tokens_per_second", mean_of(metrics, "tokens_per_second"));
  add_latency(figures, "ttft_seconds", successful(metrics, "time_to_first_token_ms"), 1e-3);
  add_latency(figures, "tpot_seconds", successful(metrics, "inter_token_latency_ms"), 1e-3);
  add_latency(figures, "ntpot_seconds", successful(metrics, "time_per_output_token_ms"), 1e-3);
  add_latency(figures, "e2e_seconds", successful(metrics, "request_latency"), 1);
}

}  // namespace

Measurements read_guidellm(const MeasuredFile& file, Problems& problems) {
  Measurements run;
  Fields root(file.document, problems);
  std::vector<Fields> benchmarks = root.maps("benchmarks");
  if (benchmarks.empty()) root.problem("benchmarks", "no benchmark", "give the report of a run that ended");
  for (Fields& benchmark : benchmarks) {
    Fields metrics = benchmark.map("metrics");
    if (!metrics.present()) benchmark.problem("metrics", "missing", "give a report of GuideLLM 0.2 or later");
    const auto index = static_cast<std::uint32_t>(run.stages.size());
    run.stages.push_back(stage_of(benchmark, metrics, index));
    const bool staged = benchmarks.size() > 1;
    add_figures(run.stages.back(), metrics, {run, staged ? std::optional(index) : std::nullopt});
    if (run.date.empty()) run.date = date_of(benchmark.maybe_text("start_time").value_or(""));
    note_unread(metrics, run);
  }
  note(run,
       "GuideLLM's inter-token latency is a mean for each request: read as TPOT; its time per output "
       "token divides the whole latency: read as NTPOT");
  note_unread(root, run);
  return run;
}

}  // namespace kvsim::validation
