// SPDX-License-Identifier: Apache-2.0
// Do the result files of benchmarks give typed figures in seconds and 1/s?
#include <gtest/gtest.h>

#include "tests/validation/measurements/read_texts.h"

namespace kvsim::validation {
namespace {

TEST(VllmBench, milliseconds_become_seconds) {
  const Measurements run = runs_of({{"ladder/4.json", R"({"date": "20260425-101112", "backend": "vllm",
    "num_prompts": 3, "request_rate": 4.0, "max_concurrency": null, "duration": 2, "completed": 2, "failed": 1,
    "total_input_tokens": 200, "total_output_tokens": 40, "request_throughput": 1, "output_throughput": 20.0,
    "total_token_throughput": 120, "mean_ttft_ms": 90.0, "median_ttft_ms": 80, "p99_ttft_ms": 99.0,
    "mean_tpot_ms": 11, "std_tpot_ms": 3, "ttfts": [0.08, 0.1]})"}})
                               .at(0);
  EXPECT_EQ(run.name, "ladder/4");
  EXPECT_EQ(run.date, "2026-04-25");
  EXPECT_EQ(run.stages.at(0).requested_rate, 4);
  EXPECT_EQ(run.stages[0].prompt_tokens_mean, 100);
  EXPECT_DOUBLE_EQ(value_of(run, "ttft_seconds", "mean"), 0.09);
  EXPECT_DOUBLE_EQ(value_of(run, "ttft_seconds", "p50"), 0.08);
  EXPECT_DOUBLE_EQ(value_of(run, "tpot_seconds", "mean"), 0.011);
  EXPECT_EQ(value_of(run, "input_tokens_per_second"), 100);
  EXPECT_EQ(value_of(run, "output_tokens_per_second"), 20);
  EXPECT_EQ(value_of(run, "failed"), 1);
}

TEST(VllmBench, as_fast_as_possible_has_no_rate) {
  const Measurements run = runs_of({{"a.json", R"({"request_rate": "inf", "duration": 1, "completed": 1,
    "request_throughput": 1})"}})
                               .at(0);
  EXPECT_FALSE(run.stages.at(0).requested_rate);
}

std::string guidellm(const std::string& settings) {
  return R"({"start_time": 1777111872.5, "duration": 10.0, )" + settings + R"(, "metrics": {
   "request_totals": {"successful": 40, "incomplete": 1, "errored": 2, "total": 43},
   "requests_per_second": {"successful": {"mean": 3.9}}, "output_token_count": {"successful": {"mean": 64}},
   "request_latency": {"successful": {"mean": 1.5, "percentiles": {"p95": 2}}},
   "time_per_output_token_ms": {"successful": {"mean": 25}},
   "inter_token_latency_ms": {"successful": {"mean": 20}},
   "time_to_first_token_ms": {"successful": {"mean": 80.0, "median": 76, "percentiles": {"p50": 75.0, "p99": 140.0}}}}})";
}

TEST(GuideLlm, both_layouts_and_a_stage_for_each_benchmark) {
  const std::string text =
      R"({"benchmarks": [)" + guidellm(R"("args": {"strategy": {"type_": "constant", "rate": 4}})") + "," +
      guidellm(R"("config": {"strategy": {"type_": "concurrent", "streams": 8}})") + "]}";
  const Measurements run = runs_of({{"g.json", text}}).at(0);
  ASSERT_EQ(run.stages.size(), 2u);
  EXPECT_EQ(run.stages[0].requested_rate, 4);
  EXPECT_EQ(run.stages[1].concurrency, 8);
  EXPECT_EQ(run.stages[1].output_tokens_mean, 64);
  EXPECT_EQ(run.date, "2026-04-25");
  EXPECT_DOUBLE_EQ(value_of(run, "ttft_seconds", "p50", 0), 0.075);
  EXPECT_DOUBLE_EQ(value_of(run, "e2e_seconds", "p95", 1), 2);
  EXPECT_DOUBLE_EQ(value_of(run, "tpot_seconds", "mean", 1), 0.02);
  EXPECT_DOUBLE_EQ(value_of(run, "ntpot_seconds", "mean", 1), 0.025);
  EXPECT_EQ(value_of(run, "failed", "", 1), 2);
}

TEST(GuideLlm, one_benchmark_is_the_whole_run) {
  const std::string text = R"({"benchmarks": [)" + guidellm(R"("config": {})") + "]}";
  EXPECT_EQ(value_of(runs_of({{"g.json", text}}).at(0), "requests_per_second"), 3.9);
}

TEST(Aiperf, each_block_tells_its_unit) {
  const Measurements run = runs_of({{"profile_export_aiperf.json", R"({"schema_version": "1.5",
    "start_time": "2026-05-02T10:00:00", "input_config": {"loadgen": {"concurrency": 16}},
    "time_to_first_token": {"unit": "ms", "avg": 70.0, "p50": 66.0, "p99": 120.0, "count": 20},
    "inter_token_latency": {"unit": "us", "avg": 9000}, "request_latency": {"unit": "sec", "avg": 2},
    "request_throughput": {"unit": "requests/sec", "avg": 1.9}, "request_count": {"unit": "requests", "avg": 20},
    "input_sequence_length": {"unit": "tokens", "avg": 512}})"}})
                               .at(0);
  EXPECT_EQ(run.format, "AIPerf");
  EXPECT_EQ(run.date, "2026-05-02");
  EXPECT_EQ(run.stages.at(0).concurrency, 16);
  EXPECT_EQ(run.stages[0].prompt_tokens_mean, 512);
  EXPECT_DOUBLE_EQ(value_of(run, "ttft_seconds", "p50"), 0.066);
  EXPECT_DOUBLE_EQ(value_of(run, "tpot_seconds", "mean"), 0.009);
  EXPECT_DOUBLE_EQ(value_of(run, "e2e_seconds", "mean"), 2);
  EXPECT_EQ(value_of(run, "completed"), 20);
}

std::string report(int stage) {
  return R"(version: '0.2'
run: {uid: a1, time: {start: '2026-05-03T00:00:00Z'}}
scenario: {load: {standardized: {tool: x, stage: )" +
         std::to_string(stage) + R"(, rate_qps: 4}}}
results:
  request_performance:
    aggregate:
      requests: {total: 10, failures: 2, input_length: {units: count, mean: 100}}
      latency: {time_to_first_token: {units: ms, mean: 100, p50: 90}, time_per_output_token: {units: s/token, mean: 0.01}}
      throughput: {output_token_rate: {units: tokens/s, mean: 26.0}, request_rate: {units: queries/s, mean: 2}}
  observability:
    components:
      - {component_label: a, aggregate: {running_requests: {mean: 3}, kv_cache_usage: {units: percent, mean: 40}}}
      - {component_label: b, aggregate: {running_requests: {mean: 4}, kv_cache_usage: {units: percent, mean: 60}}}
)";
}

TEST(BenchmarkReport, stages_of_a_folder_are_one_run) {
  const Measurements run = runs_of({{"r/a.yaml", report(1)}, {"r/b.yaml", report(0)}}).at(0);
  ASSERT_EQ(run.stages.size(), 2u);
  EXPECT_EQ(run.stages[0].successes, 8);
  EXPECT_EQ(run.stages[0].duration_seconds, 4);
  EXPECT_EQ(run.date, "2026-05-03");
  EXPECT_DOUBLE_EQ(value_of(run, "ttft_seconds", "mean", 1), 0.1);
  EXPECT_DOUBLE_EQ(value_of(run, "tpot_seconds", "mean", 0), 0.01);
  EXPECT_DOUBLE_EQ(value_of(run, "running_requests", "mean", 0), 7);
  EXPECT_DOUBLE_EQ(value_of(run, "kv_usage", "mean", 0), 0.5);
}

}  // namespace
}  // namespace kvsim::validation
