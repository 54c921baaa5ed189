// SPDX-License-Identifier: Apache-2.0
// AIPerf's profile_export_aiperf.json: one block {unit, avg, p50, ...} for each metric.
#include "validation/measurements/figure_list.h"
#include "validation/measurements/formats.h"

namespace kvsim::validation {
namespace {

std::optional<double> mean_of(Fields& root, std::string_view tag) {
  const Node* node = root.raw(tag);
  if (node == nullptr || !node->is_map()) return {};
  Fields block = root.map(tag);
  return first_number(block, {"avg", "value"});
}

std::optional<double> seconds_of(Fields& root, std::string_view tag) {
  Fields block = root.map(tag);
  const std::optional<double> value = first_number(block, {"avg", "value"});
  return value ? std::optional(*value * seconds_in(block, "unit")) : std::nullopt;
}

MeasuredStage stage_of(Fields& root) {
  MeasuredStage stage;
  Fields settings = root.map("input_config");
  Fields load = first_map(settings, {"loadgen", "load_generator"});
  stage.requested_rate = first_number(load, {"request_rate"});
  stage.concurrency = first_number(load, {"concurrency"});
  stage.duration_seconds = seconds_of(root, "benchmark_duration");
  stage.successes = mean_of(root, "request_count");
  stage.failures = mean_of(root, "error_request_count");
  stage.prompt_tokens_mean = mean_of(root, "input_sequence_length");
  stage.output_tokens_mean = mean_of(root, "output_sequence_length");
  return stage;
}

}  // namespace

Measurements read_aiperf(const MeasuredFile& file, Problems& problems) {
  static const Spelling keys{{"mean", "avg"}, {"p50", "p50"}, {"p90", "p90"}, {"p95", "p95"},
                             {"p99", "p99"},  {"min", "min"}, {"max", "max"}};
  Measurements run;
  Fields root(file.document, problems);
  run.date = date_of(root.maybe_text("start_time").value_or(""));
  const MeasuredStage stage = stage_of(root);
  run.stages.push_back(stage);
  FigureList figures(run, {});
  figures.add_counts(stage);
  figures.add("requests_per_second", mean_of(root, "request_throughput"));
  figures.add("output_tokens_per_second", mean_of(root, "output_token_throughput"));
  figures.add("tokens_per_second", mean_of(root, "total_token_throughput"));
  for (const auto& [metric, tag] : {std::pair{"ttft_seconds", "time_to_first_token"},
                                    {"tpot_seconds", "inter_token_latency"},
                                    {"itl_seconds", "inter_chunk_latency"},
                                    {"e2e_seconds", "request_latency"}}) {
    Fields block = root.map(tag);
    figures.add_block(metric, block, keys, seconds_in(block, "unit"));
  }
  note(run,
       "AIPerf's inter-token latency is a mean for each request: read as TPOT; gaps between chunks are ITL");
  note_unread(root, run);
  return run;
}

}  // namespace kvsim::validation
