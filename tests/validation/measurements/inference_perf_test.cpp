// SPDX-License-Identifier: Apache-2.0
// Do inference-perf's reports, those that kvsim writes among them, give the figures that were measured?
#include <gtest/gtest.h>

#include "sim/report/results_folder.h"
#include "tests/validation/measurements/read_texts.h"
#include "validation/figure_of.h"
#include "validation/simulate.h"

namespace kvsim::validation {
namespace {

const std::string kOld = R"({
 "load_summary": {"count": 2, "send_duration": 0.5, "requested_rate": 4.0, "achieved_rate": 4.0},
 "successes": {"count": 2,
  "latency": {"time_to_first_token": {"mean": 0.12, "median": 0.11, "p99": 0.15, "p99.9": 0.2},
              "inter_token_latency": null},
  "throughput": {"requests_per_sec": 0.5, "output_tokens_per_sec": NaN},
  "prompt_len": {"mean": 100.5}, "output_len": {"mean": 20}},
 "failures": {"count": 1, "request_latency": null}, "what_is_new": 1})";

TEST(InferencePerf, the_old_schema) {
  const Measurements run = runs_of({{"reports/stage_3_lifecycle_metrics.json", kOld}}).at(0);
  EXPECT_EQ(run.name, "reports");
  EXPECT_EQ(run.format, "inference-perf");
  ASSERT_EQ(run.stages.size(), 1u);
  EXPECT_EQ(run.stages[0].index, 3u);
  EXPECT_EQ(run.stages[0].requested_rate, 4);
  EXPECT_EQ(run.stages[0].duration_seconds, 4);  // 2 successes at 0.5 1/s
  EXPECT_EQ(run.stages[0].prompt_tokens_mean, 100.5);
  EXPECT_EQ(run.stages[0].output_tokens_mean, 20);
  EXPECT_EQ(value_of(run, "ttft_seconds", "p50", 3), 0.11);
  EXPECT_EQ(value_of(run, "ttft_seconds", "p99", 3), 0.15);
  EXPECT_EQ(value_of(run, "failed", "", 3), 1);
  EXPECT_EQ(value_of(run, "output_tokens_per_second", "", 3), -1) << "NaN is no figure";
  EXPECT_EQ(run.notes.at(0), "not read: what_is_new");
}

TEST(InferencePerf, the_new_schema_tells_cached_tokens) {
  const std::string text = R"({"load_summary": {"count": 4, "concurrency": 8},
   "successes": {"count": 4, "throughput": {"requests_per_sec": 1},
    "prompt_tokens": {"total": {"mean": 200}, "cached": {"mean": 50}, "uncached": {"mean": 150}},
    "output_tokens": {"mean": 7}}, "failures": {"count": 0}})";
  const Measurements run = runs_of({{"stage_0_lifecycle_metrics.json", text}}).at(0);
  EXPECT_EQ(run.stages[0].concurrency, 8);
  EXPECT_EQ(run.stages[0].prompt_tokens_mean, 200);
  EXPECT_EQ(run.stages[0].output_tokens_mean, 7);
  EXPECT_EQ(value_of(run, "hit_ratio", "", 0), 0.25);
}

TEST(InferencePerf, a_report_without_rate_is_of_the_whole_run) {
  const std::string text =
      R"({"load_summary": {"count": 9}, "successes": {"count": 9}, "failures": {"count": 0}})";
  const Measurements run =
      runs_of({{"summary_lifecycle_metrics.json", text}, {"stage_0_lifecycle_metrics.json", kOld}}).at(0);
  EXPECT_EQ(run.stages.size(), 1u);
  EXPECT_EQ(value_of(run, "completed"), 9);
  EXPECT_EQ(value_of(run, "completed", "", 0), 2);
}

// Two answers of 3 tokens, sent at 10 and 11, and a failure until 15: TTFT 0.5 and 1, TPOT (2 - 0.5) / 2 and
// 1, four gaps of 0.75, 0.75, 1, 1; 6 tokens in 5 s.
TEST(InferencePerf, requests_alone_give_the_figures_of_the_run) {
  const std::string text = R"([
   {"start_time": 10, "end_time": 12, "info": {"input_tokens": 5, "output_tokens": 3, "output_token_times": [10.5, 11.25, 12]}, "error": null},
   {"start_time": 11, "end_time": 14, "info": {"request_metrics": {"text": {"input_tokens": 7}},
     "response_metrics": {"output_tokens": 3, "output_token_times": [12, 13, 14]}}, "error": null},
   {"start_time": 11, "end_time": 15, "info": {}, "error": {"error_type": "Timeout"}}])";
  const Measurements run = runs_of({{"per_request_lifecycle_metrics.json", text}}).at(0);
  EXPECT_EQ(value_of(run, "completed"), 2);
  EXPECT_EQ(value_of(run, "failed"), 1);
  EXPECT_EQ(value_of(run, "duration_seconds"), 5);
  EXPECT_EQ(value_of(run, "output_tokens_per_second"), 1.2);
  EXPECT_EQ(value_of(run, "ttft_seconds", "mean"), 0.75);
  EXPECT_EQ(value_of(run, "tpot_seconds", "max"), 1);
  EXPECT_EQ(value_of(run, "itl_seconds", "mean"), 0.875);
  EXPECT_EQ(value_of(run, "e2e_seconds", "p50"), 2.5);
  EXPECT_EQ(run.stages.at(0).prompt_tokens_mean, 6);
}

sim::Summary simulated(const std::string& stages) {
  const auto folder =
      folder_with({{"fleet.yaml", "model: Qwen3-8B\naccelerator: H200\n"},
                   {"load.yaml", "load: {type: constant, interval: 1, stages: " + stages +
                                     "}\napi: {type: completion, streaming: true}\n"
                                     "data: {type: shared_prefix, shared_prefix: {num_groups: 3, "
                                     "num_prompts_per_group: 5, system_prompt_len: 900, "
                                     "question_len: 120, output_len: 64}}\n"}});
  const sim::Fleet fleet = sim::load_fleet((folder / "fleet.yaml").string(), sim::load_fleet_inputs(), {});
  return simulate({"", fleet, (folder / "load.yaml").string(), {}, 1}).summary;
}

Measurements written_and_read(const sim::Summary& summary) {
  const auto folder = folder_with({});
  sim::write_results(folder.string(), summary);
  Problems problems;
  std::vector<Measurements> runs = read_measurements(folder.string(), problems);
  problems.throw_if_any();
  return runs.at(0);
}

TEST(InferencePerf, what_kvsim_writes_is_read_back_to_the_bit) {
  const sim::Summary summary = simulated("[{rate: 4, duration: 10}, {rate: 16, duration: 10}]");
  const Measurements run = written_and_read(summary);
  ASSERT_EQ(run.stages.size(), 2u);
  EXPECT_EQ(run.stages[1].requested_rate, 16);
  EXPECT_EQ(run.stages[1].requests, 160);
  std::set<std::string> metrics;
  for (const MeasuredFigure& figure : run.figures) {
    EXPECT_EQ(figure_of(summary, figure), figure.value) << figure.metric << " " << figure.statistic;
    metrics.insert(figure.metric);
  }
  EXPECT_EQ(metrics, (std::set<std::string>{"completed", "e2e_seconds", "failed", "input_tokens_per_second",
                                            "itl_seconds", "ntpot_seconds", "output_tokens_per_second",
                                            "requests_per_second", "schedule_delay_seconds",
                                            "tokens_per_second", "tpot_seconds", "ttft_seconds"}));
}

TEST(InferencePerf, one_stage_has_the_figures_of_summary_json) {
  const sim::Summary summary = simulated("[{rate: 8, duration: 20}]");
  std::size_t compared = 0;
  for (MeasuredFigure figure : written_and_read(summary).figures) {
    figure.stage.reset();
    const std::optional<double> of_run = figure_of(summary, figure);
    if (!of_run || figure.metric == "itl_seconds") continue;
    EXPECT_NEAR(*of_run, figure.value, 1e-9 * figure.value) << figure.metric << " " << figure.statistic;
    ++compared;
  }
  EXPECT_GE(compared, 20u);
}

}  // namespace
}  // namespace kvsim::validation
