// SPDX-License-Identifier: Apache-2.0
// `vllm bench serve --save-result`.
#include "validation/measurements/figure_list.h"
#include "validation/measurements/formats.h"

namespace kvsim::validation {
namespace {

// `mean_ttft_ms` and so on, flat in the root.
Spelling spelling(const std::string& latency) {
  Spelling keys;
  for (const auto& [statistic, prefix] : {std::pair{"mean", "mean"},
                                          {"p50", "median"},
                                          {"p50", "p50"},
                                          {"p90", "p90"},
                                          {"p95", "p95"},
                                          {"p99", "p99"}})
    keys.emplace_back(statistic, std::string(prefix) + "_" + latency + "_ms");
  return keys;
}

// A number, or "inf" for as fast as possible.
std::optional<double> request_rate(Fields& root) {
  const Node* node = root.raw("request_rate");
  if (node == nullptr || (node->is_scalar() && node->scalar == "inf")) return {};
  return first_number(root, {"request_rate"});
}

MeasuredStage stage_of(Fields& root) {
  MeasuredStage stage;
  stage.requested_rate = request_rate(root);
  stage.concurrency = first_number(root, {"max_concurrency"});
  stage.duration_seconds = root.number("duration", {0, kLargestValue});
  stage.successes = root.number("completed", {0, kLargestValue});
  stage.failures = first_number(root, {"failed"});
  stage.requests = first_number(root, {"num_prompts"});
  stage.prompt_tokens_mean =
      ratio(first_number(root, {"total_input_tokens", "total_input"}), stage.successes);
  stage.output_tokens_mean =
      ratio(first_number(root, {"total_output_tokens", "total_output"}), stage.successes);
  return stage;
}

}  // namespace

Measurements read_vllm_bench(const MeasuredFile& file, Problems& problems) {
  Measurements run;
  Fields root(file.document, problems);
  run.date = date_of(root.maybe_text("date").value_or(""));
  const MeasuredStage stage = stage_of(root);
  run.stages.push_back(stage);
  FigureList figures(run, {});
  figures.add_counts(stage);
  figures.add("requests_per_second", first_number(root, {"request_throughput"}));
  figures.add("input_tokens_per_second",
              ratio(first_number(root, {"total_input_tokens", "total_input"}), stage.duration_seconds));
  figures.add("output_tokens_per_second", first_number(root, {"output_throughput"}));
  figures.add("tokens_per_second", first_number(root, {"total_token_throughput"}));
  for (const auto& [metric, latency] : {std::pair{"ttft_seconds", "ttft"},
                                        {"tpot_seconds", "tpot"},
                                        {"itl_seconds", "itl"},
                                        {"e2e_seconds", "e2el"}})
    figures.add_block(metric, root, spelling(latency), 1e-3);
  note_unread(root, run);
  return run;
}

}  // namespace kvsim::validation
