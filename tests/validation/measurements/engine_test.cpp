// SPDX-License-Identifier: Apache-2.0
// Do counters and histograms of a running engine give rates, means and percentiles?
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/validation/measurements/read_texts.h"
#include "traces/open_source.h"
#include "validation/measurements/workload_text.h"

namespace kvsim::validation {
namespace {

std::string dump(int requests, int tokens, const std::string& started = "1777111872") {
  return fmt::format(R"(# HELP python_gc_objects_collected_total x
python_gc_objects_collected_total{{generation="0"}} 9.0
process_start_time_seconds {2}
vllm:cache_config_info{{block_size="16",num_gpu_blocks="26814",sliding_window="None"}} 1.0
vllm:num_requests_running{{engine="0",model_name="m, \"x\""}} 3.0
vllm:num_requests_waiting{{engine="0"}} 1.0
vllm:kv_cache_usage_perc{{engine="0"}} 0.25
vllm:prompt_tokens_total{{engine="0"}} {1}
vllm:generation_tokens_total{{engine="0"}} {1}
vllm:prefix_cache_queries_total{{engine="0"}} {1}
vllm:prefix_cache_hits_total{{engine="0"}} {3}
vllm:num_preemptions_total{{engine="0"}} 2
vllm:request_success_total{{engine="0",finished_reason="stop"}} {0}
vllm:request_success_total{{engine="0",finished_reason="abort"}} 1
vllm:time_to_first_token_seconds_bucket{{engine="0",le="0.1"}} {0}
vllm:time_to_first_token_seconds_bucket{{engine="0",le="0.5"}} {4}
vllm:time_to_first_token_seconds_bucket{{engine="0",le="+Inf"}} {4}
vllm:time_to_first_token_seconds_sum{{engine="0"}} {0}
vllm:time_to_first_token_seconds_count{{engine="0"}} {4}
)",
                     requests, tokens, started, tokens / 4, 2 * requests);
}

// Between the dumps: 100 requests, 4000 tokens, 1000 hits; 200 TTFTs, 100 of them to 0.1 s and 100 to 0.5 s,
// in all 100 s. The median is the end of the first bucket, p90 lies 0.8 into the second: 0.1 + 0.8 x 0.4.
TEST(EngineDumps, the_difference_of_two_dumps) {
  MeasurementOptions options;
  options.seconds_between = 50;
  const Measurements run =
      runs_of({{"after.txt", dump(150, 5000)}, {"before.txt", dump(50, 1000)}}, options).at(0);
  EXPECT_EQ(run.engine.kv_blocks, 26814u);
  EXPECT_EQ(run.engine.block_tokens, 16u);
  EXPECT_EQ(run.stages.at(0).requested_rate, 2);
  EXPECT_EQ(value_of(run, "completed"), 100);
  EXPECT_EQ(value_of(run, "failed"), 0);
  EXPECT_EQ(value_of(run, "preemptions"), 0);
  EXPECT_EQ(value_of(run, "output_tokens_per_second"), 80);
  EXPECT_EQ(value_of(run, "hit_ratio"), 0.25);
  EXPECT_EQ(value_of(run, "ttft_seconds", "mean"), 0.5);
  EXPECT_DOUBLE_EQ(value_of(run, "ttft_seconds", "p50"), 0.1);
  EXPECT_DOUBLE_EQ(value_of(run, "ttft_seconds", "p90"), 0.42);
  EXPECT_EQ(value_of(run, "running_requests", "mean"), 3);
  EXPECT_EQ(value_of(run, "kv_usage", "mean"), 0.25);
}

// 2 requests a second of 100 tokens in, a quarter of them found; half of the prompts have up to 64 tokens.
TEST(EngineDumps, a_workload_comes_of_them) {
  const std::string lengths =
      "vllm:request_prompt_tokens_bucket{le=\"64\"} 50\nvllm:request_prompt_tokens_bucket{le=\"256\"} 100\n"
      "vllm:request_prompt_tokens_sum 10000\nvllm:request_prompt_tokens_count 100\n"
      "vllm:request_generation_tokens_sum 700\nvllm:request_generation_tokens_count 100\n";
  MeasurementOptions options;
  options.seconds_between = 50;
  const Measurements run =
      runs_of({{"after", dump(100, 4000) + lengths}, {"before", dump(0, 0)}}, options).at(0);
  Problems problems;
  const std::string yaml = workload_text(run, run.stages.at(0), problems);
  problems.throw_if_any();
  EXPECT_NE(yaml.find("rate: 2}"), std::string::npos) << yaml;
  EXPECT_NE(yaml.find("shared_prompts: [{tokens: 25}]"), std::string::npos) << yaml;
  EXPECT_NE(yaml.find("{distribution: lognormal, median: 39, p95: 211.8}"), std::string::npos) << yaml;
  EXPECT_NE(yaml.find("output_tokens: 7\n"), std::string::npos) << yaml;
  const auto folder = folder_with({{"load.yaml", yaml}});
  EXPECT_NO_THROW(traces::open_source((folder / "load.yaml").string(), {}));
}

TEST(EngineDumps, a_workload_without_rate_and_lengths_is_refused) {
  const Measurements run = runs_of({{"metrics", dump(50, 1000)}}).at(0);
  Problems problems;
  workload_text(run, run.stages.at(0), problems);
  EXPECT_EQ(problems.all().size(), 3u);
}

TEST(EngineDumps, engines_add_up_and_without_time_there_is_no_rate) {
  const Measurements run = runs_of({{"a0", dump(50, 1000, "1")},
                                    {"a1", dump(150, 5000, "1")},
                                    {"b0", dump(0, 400, "2")},
                                    {"b1", dump(20, 1400, "2")}})
                               .at(0);
  EXPECT_EQ(value_of(run, "completed"), 120);
  EXPECT_EQ(value_of(run, "running_requests", "mean"), 6);
  EXPECT_EQ(value_of(run, "kv_usage", "mean"), 0.25);
  EXPECT_EQ(value_of(run, "output_tokens_per_second"), -1);
}

TEST(EngineDumps, one_dump_counts_from_the_start) {
  const Measurements run = runs_of({{"metrics", dump(50, 1000)}}).at(0);
  EXPECT_EQ(value_of(run, "completed"), 50);
  EXPECT_EQ(value_of(run, "failed"), 1);
  EXPECT_EQ(value_of(run, "preemptions"), 2);
}

std::string range(const std::string& labels, const std::string& values) {
  return R"({"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {)" + labels +
         R"(}, "values": [)" + values + "]}]}}";
}

// 10 s apart: 100 requests, then a restart and 40 more: 140 over 30 s, 10/s, 0 and 4/s.
TEST(QueryRange, counters_give_rates_and_gauges_series) {
  const Measurements run =
      runs_of(
          {{"success.json",
            range(R"("__name__": "vllm:request_success_total", "finished_reason": "stop")",
                  R"([1777111870, "500"], [1777111880, "600"], [1777111890, "600"], [1777111900, "40"])")},
           {"num_requests_running.json", range("", R"([0, "2"], [10, "4"], [20, "NaN"], [30, "6"])")},
           {"usage.json", range(R"("__name__": "vllm:gpu_cache_usage_perc")", R"([0, "0.5"], [10, "1"])")}})
          .at(0);
  EXPECT_EQ(run.date, "2026-04-25");
  EXPECT_EQ(value_of(run, "completed"), 140);
  EXPECT_DOUBLE_EQ(*run.stages.at(0).requested_rate, 140 / 30.0);
  EXPECT_EQ(value_of(run, "running_requests", "mean"), 4);
  EXPECT_EQ(value_of(run, "kv_usage", "max"), 1);
  ASSERT_EQ(run.series.size(), 3u);
  EXPECT_EQ(run.series[0].metric, "kv_usage");
  EXPECT_EQ(run.series[1].values, (std::vector<double>{2, 4, 6}));
  EXPECT_EQ(run.series[2].metric, "requests_per_second");
  EXPECT_EQ(run.series[2].values, (std::vector<double>{10, 0, 4}));
}

// 3 scrapes 5 s apart: 40 requests in 10 s, 15 and 25 of them; labels keep their line breaks.
TEST(OpenMetrics, many_scrapes_of_one_file_are_a_run) {
  const Measurements run = runs_of({{"m.txt", R"(# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{pod="a\n}"} 2 1777111870
vllm:num_requests_running{pod="a\n}"} 4 1777111875.0
vllm:num_requests_running{pod="a\n}"} 6 1777111880
# TYPE vllm:request_success counter
vllm:request_success_total{finished_reason="stop"} 5 1777111870
vllm:request_success_total{finished_reason="stop"} 20 1777111875 # {trace_id="x"} 1.0
vllm:request_success_total{finished_reason="stop"} 45 1777111880
# EOF
)"}}).at(0);
  EXPECT_EQ(run.date, "2026-04-25");
  EXPECT_EQ(value_of(run, "completed"), 40);
  EXPECT_EQ(value_of(run, "requests_per_second"), 4);
  EXPECT_EQ(value_of(run, "running_requests", "mean"), 4);
  ASSERT_EQ(run.series.size(), 2u);
  EXPECT_EQ(run.series[1].values, (std::vector<double>{3, 5}));
}

TEST(OpenMetrics, lines_that_cannot_be_read_are_all_told) {
  const std::string faults = faults_of({{"m.txt",
                                         "vllm:a_total{x=\"1\"} 5 10\nvllm:a_total{x=\"1\"} 6 10\n"
                                         "vllm:a_total{x=\"1\" 7 11\nvllm:a_total{x=\"1\"} 7\n# EOF\n"}});
  for (const char* line : {"m.txt:2:", "m.txt:3:", "m.txt:4:"})
    EXPECT_NE(faults.find(line), std::string::npos) << faults;
  EXPECT_EQ(faults.find("m.txt:1:"), std::string::npos) << faults;
}

// As an engine gives it when it is asked for OpenMetrics.
TEST(OpenMetrics, without_times_it_is_a_dump) {
  EXPECT_EQ(runs_of({{"m.txt", dump(50, 1000) + "# EOF\n"}}).at(0).format, "vLLM /metrics");
}

}  // namespace
}  // namespace kvsim::validation
