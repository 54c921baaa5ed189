// SPDX-License-Identifier: Apache-2.0
// Is a folder read as what lies in it, and is each fault told with its place?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "base/files.h"
#include "tests/random_cases.h"
#include "tests/validation/measurements/read_texts.h"
#include "validation/case.h"
#include "validation/measurements/measured_file.h"

namespace kvsim::validation {
namespace {

using ::testing::HasSubstr;

const std::string kStages =
    "run_id,stage,is_warmup,requested_rate_qps,wall_s,successes,output_tok_per_s_true,output_tok_per_s_"
    "retokenised,ttft_s_p50,note\n"
    "a,0,yes,1,20,20,100,99,0.1,\"x, y\"\na,1,no,4,20,80,400,399,0.2,\nb,0,no,1,,20,100,99,,\n";

TEST(StageCsv, each_run_is_a_data_set) {
  const std::vector<Measurements> runs = runs_of({{"stages.csv", kStages}});
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].name, "a");
  EXPECT_TRUE(runs[0].stages[0].warm_up);
  EXPECT_EQ(runs[0].stages[1].duration_seconds, 20);
  EXPECT_EQ(value_of(runs[0], "output_tokens_per_second", "", 1), 400);
  EXPECT_EQ(value_of(runs[0], "ttft_seconds", "p50", 1), 0.2);
  EXPECT_FALSE(runs[1].stages[0].duration_seconds);
  EXPECT_EQ(scored_figures(runs[0], {}).size(), 3u) << "the warm-up is left out";
}

TEST(StageCsv, the_public_ladders_are_read_whole) {
  const char* folder = std::getenv("KVSIM_DATA_SETS");
  if (folder == nullptr) GTEST_SKIP() << "KVSIM_DATA_SETS names no folder";
  Problems problems;
  const auto runs = read_measurements(std::string(folder) + "/measured/single_vendor_stages.csv", problems);
  EXPECT_TRUE(problems.empty());
  std::size_t stages = 0;
  for (const Measurements& run : runs) stages += run.stages.size();
  EXPECT_EQ(stages, 188u);  // as the data set's own README counts them
}

// The shipped cases of these ladders hold five digits of what is read here.
TEST(StageCsv, shipped_cases_hold_the_figures_that_are_read) {
  const char* folder = std::getenv("KVSIM_DATA_SETS");
  if (folder == nullptr) GTEST_SKIP() << "KVSIM_DATA_SETS names no folder";
  Problems problems;
  const auto runs = read_measurements(std::string(folder) + "/measured/single_vendor_stages.csv", problems);
  const Case shipped =
      load_case(std::string(KVSIM_SOURCE_DIR) + "/validation/cases/h100-nvl-granite-7k-1k-k8s/case.yaml",
                sim::load_fleet_inputs());
  const Measurements* run = find_run(runs, "nv4-granite-approx-k8s-1778692203");
  ASSERT_NE(run, nullptr);
  for (const MeasuredFigure& figure : shipped.points.at(0).figures)
    EXPECT_NEAR(value_of(*run, figure.metric, figure.statistic, figure.stage), figure.value,
                1e-4 * figure.value)
        << figure.metric;
}

TEST(ReadMeasurements, shipped_step_data_is_known) {
  Problems problems;
  const auto runs = read_measurements(std::string(KVSIM_SOURCE_DIR) + "/validation/probe/data", problems);
  EXPECT_TRUE(problems.empty());
  ASSERT_FALSE(runs.empty());
  for (const Measurements& run : runs) EXPECT_EQ(run.format, "step data");
  EXPECT_THAT(runs[0].notes.at(0), HasSubstr("kvsim calibrate"));
}

TEST(ReadMeasurements, runs_of_sub_folders_stay_apart_and_other_files_are_noted) {
  const std::string bench = R"({"duration": 1, "completed": 1, "request_throughput": 1})";
  const auto runs =
      runs_of({{"a/1.json", bench}, {"b/1.json", bench}, {"b/notes.txt", "{ no JSON"}, {"x.json", "{}"}});
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].name, "a/1");
  EXPECT_EQ(runs[1].name, "b/1");
  EXPECT_EQ(runs[0].notes.back(), "files of no format that is read: b/notes.txt, x.json");
}

TEST(ReadMeasurements, nan_and_infinity_outside_of_texts_are_null) {
  EXPECT_EQ(strict_json(R"({"a": NaN, "b": [-Infinity, Infinity], "NaN \" NaN": "Infinity"})"),
            R"({"a": null, "b": [null, null], "NaN \" NaN": "Infinity"})");
}

TEST(ReadMeasurements, faults_are_told_with_their_places) {
  const std::string bench = R"({"request_throughput": 1, "completed": 1, )";
  const std::vector<std::pair<Texts, std::string>> broken{
      {{}, "found no measurements"},
      {{{"a.json", R"({"load_summary": {)"}}, "a.json:1:19: not valid JSON"},
      {{{"a.json", bench + R"("duration": -1})"}}, "a.json:1:55: duration: found \"-1\""},
      {{{"a.json", bench + R"("duration": "4"})"}}, "in quotes"},
      {{{"a.json", bench + R"("duration": 1e300})"}}, "1e300"},
      {{{"a.json", bench + "\n\"mean_ttft_ms\": []}"}}, "a.json:2:17: mean_ttft_ms: found a list"},
      {{{"a.json", bench + R"("mean_ttft_ms": 1})"}}, "duration: missing"},
      {{{"a.json", R"({"aiperf_version": "1", "request_latency": {"unit": "fortnights", "avg": 1}})"}},
       "fortnights"},
      {{{"a.json", R"({"benchmarks": []})"}}, "no benchmark"},
      {{{"a.json", R"({"benchmarks": [{}]})"}}, "benchmarks[0].metrics: missing"},
      {{{"a.json", R"({"version": "0.2", "results": {}})"}}, "no aggregate"},
      {{{"a.json", R"({"data": {"resultType": "vector", "result": []}})"}}, "query_range"},
      {{{"a.json",
         R"({"data": {"resultType": "matrix", "result": [{"metric": {}, "values": [[2, "1"], [1, "1"]]}]}})"}},
       "later than the one before"},
      {{{"a.txt", "vllm:prompt_tokens_total{a=\"b\n"}}, "a.txt:1: found 'vllm:prompt_tokens_total"},
      {{{"a.txt", "vllm:prompt_tokens_total 5\nvllm:num_preemptions_total 3\n"},
        {"b.txt", "vllm:prompt_tokens_total 9\nvllm:num_preemptions_total 2\n"}},
       "is less than in"},
      {{{"a.csv", "# a note\nn_prefill,n_decode,sum_context,step_seconds\n0,1,x,0.1\n"}}, "a.csv:3"},
      {{{"a.csv", kStages + "c,1\n"}}, "a.csv:5: found 2 cells for 10 columns"},
      {{{"a.csv", kStages + "a,1,no,x,,,,,,\n"}}, "stands here a second time"},
      {{{"a.csv", kStages + "c,one,no,,,,,,,\n"}}, "a.csv:5: stage: missing, or no whole number"},
      {{{"x/stage_1_a.json", R"({"load_summary": {}, "successes": {}})"},
        {"x/stage_1_b.json", R"({"load_summary": {}, "successes": {}})"}},
       "stage 1 was read from another file"},
  };
  for (const auto& [texts, part] : broken) EXPECT_THAT(faults_of(texts), HasSubstr(part));
}

TEST(ReadMeasurements, all_faults_come_at_once) {
  const std::string faults = faults_of(
      {{"a.json", R"({"request_throughput": -1, "completed": -2, "duration": -3})"}, {"b.json", "{"}});
  for (const char* part : {"\"-1\"", "\"-2\"", "\"-3\"", "b.json"}) EXPECT_THAT(faults, HasSubstr(part));
}

// Each seed of the fuzzer is read; cut off, or with bytes changed, it gives figures or faults and nothing
// else.
TEST(ReadMeasurements, broken_bytes_never_crash) {
  std::mt19937 random(5);
  for (const auto& seed : std::filesystem::directory_iterator(std::string(KVSIM_SOURCE_DIR) +
                                                              "/tests/fuzz/corpus/measurements")) {
    const std::string whole = read_file(seed.path().string());
    const std::string name = "stage_0_" + seed.path().filename().string();
    EXPECT_EQ(faults_of({{name, whole}}), "") << seed.path();
    for (int i = 0; i < random_cases(100); ++i) {
      std::string text = whole.substr(0, 1 + random() % whole.size());
      for (int k = 0; k < i % 3; ++k) text[random() % text.size()] = static_cast<char>(random() % 256);
      faults_of({{name, text}});
    }
  }
}

class CaseOfFiles : public ::testing::Test {
 protected:
  std::string faults(const std::string& measured) {
    try {
      read(measured);
      return "";
    } catch (const InputError& error) {
      return error.what();
    }
  }
  Case read(const std::string& measured) {
    const auto folder = folder_with({{"fleet.yaml", "model: Qwen3-8B\naccelerator: H200\n"},
                                     {"w.jsonl", "{}\n"},
                                     {"data/stages.csv", kStages}});
    return read_case(
        parse_yaml(
            "name: n\nsource: {title: t, date: 2026}\nfleet: fleet.yaml\nworkload: w.jsonl\nmeasured: " +
                measured + "\n",
            (folder / "case.yaml").string()),
        sim::load_fleet_inputs());
  }
};

TEST_F(CaseOfFiles, figures_of_a_run_with_noise_and_without_warm_up) {
  const Case run = read("{read: data/stages.csv, run: a, noise: {output_tokens_per_second: 0.1}}");
  const std::vector<MeasuredFigure>& figures = run.points.at(0).figures;
  ASSERT_EQ(figures.size(), 3u);
  for (const MeasuredFigure& figure : figures) {
    EXPECT_EQ(figure.stage, 1u);
    EXPECT_EQ(figure.source.title, "t");
    EXPECT_EQ(figure.noise, figure.metric == "output_tokens_per_second" ? 0.1 : 0);
  }
}

TEST_F(CaseOfFiles, data_that_is_not_here_is_told_and_not_run) {
  EXPECT_THAT(read("{read: none.csv, read_from: their site}").not_run, HasSubstr("get it from their site"));
}

TEST_F(CaseOfFiles, what_does_not_fit_is_refused) {
  EXPECT_THAT(faults("{read: data/stages.csv}"), HasSubstr("there are several runs; use one of: a, b"));
  EXPECT_THAT(faults("{read: data/stages.csv, run: c}"), HasSubstr("no run 'c'"));
  EXPECT_THAT(faults("{read: data/stages.csv, run: b, skip_stages: [0]}"), HasSubstr("no figure in it"));
  EXPECT_THAT(faults("{read: data/stages.csv, run: b, noise: {ttft: 1}}"), HasSubstr("ttft_seconds"));
  EXPECT_THAT(faults("{read: data/stages.csv, run: b, skip: 0}"), HasSubstr("unknown key 'skip'"));
}

}  // namespace
}  // namespace kvsim::validation
