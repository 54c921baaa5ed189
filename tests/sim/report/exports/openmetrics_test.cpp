// SPDX-License-Identifier: Apache-2.0
// Is what Prometheus is to import OpenMetrics, and what vLLM would have told?
#include "sim/report/exports/openmetrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "base/text.h"
#include "tests/sim/report/exports/exported_run.h"

namespace kvsim::sim {
namespace {

using ::kvsim::testing::ExportedRun;
using ::kvsim::testing::hostile_fleet;
using ::kvsim::testing::kPlainLoad;

// One line of a sample; `series` is name and labels.
struct Line {
  std::string series;
  double value = 0;
  double seconds = 0;
};

Line line_of(const std::string& text) {
  Line line;
  const std::size_t time = text.rfind(' ');
  const std::size_t value = text.rfind(' ', time - 1);
  line.series = text.substr(0, value);
  line.value = parse_double(text.substr(value + 1, time - value - 1)).value();
  line.seconds = parse_double(text.substr(time + 1)).value();
  return line;
}

std::string family_of(std::string name, const std::string& type) {
  name = name.substr(0, name.find('{'));
  const std::vector<std::string> endings = type == "histogram"
                                               ? std::vector<std::string>{"_bucket", "_count", "_sum"}
                                           : type == "counter" ? std::vector<std::string>{"_total"}
                                                               : std::vector<std::string>{""};
  for (const std::string& ending : endings)
    if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  return "no " + type + ": " + name;
}

// What OpenMetrics forbids: families that come twice, samples of another family, time that does not go on,
// counters that fall, a text without end.
std::vector<std::string> faults_of(const std::string& text) {
  std::vector<std::string> faults;
  std::set<std::string> families;
  std::map<std::string, Line> last;
  std::string family, type, line;
  std::istringstream lines(text);
  while (std::getline(lines, line)) {
    if (line.starts_with("# TYPE ")) {
      family = line.substr(7, line.rfind(' ') - 7);
      type = line.substr(line.rfind(' ') + 1);
      if (!families.insert(family).second) faults.push_back("again: " + line);
    } else if (!line.starts_with("#")) {
      const Line now = line_of(line);
      const auto before = last.find(now.series);
      if (family_of(now.series, type) != family) faults.push_back("in " + family + ": " + line);
      if (before != last.end() && now.seconds <= before->second.seconds) faults.push_back("time: " + line);
      if (before != last.end() && type != "gauge" && now.value < before->second.value)
        faults.push_back("fell: " + line);
      last[now.series] = now;
    }
  }
  if (!text.ends_with("\n# EOF\n")) faults.push_back("no end");
  return faults;
}

std::map<std::string, double> last_values(const std::string& text) {
  std::map<std::string, double> values;
  for (const std::string_view line : split(text, '\n'))
    if (!line.empty() && !line.starts_with('#')) {
      const Line one = line_of(std::string(line));
      values[one.series] = one.value;
    }
  return values;
}

double sum_over_engines(const std::map<std::string, double>& values, const std::string& start,
                        const std::string& label = "") {
  double sum = 0;
  for (const auto& [series, value] : values)
    if (series.starts_with(start + "{") && series.find(label) != std::string::npos) sum += value;
  return sum;
}

TEST(OpenMetrics, AWholeRunKeepsTheFormat) {
  const ExportedRun run(hostile_fleet(), kPlainLoad);
  EXPECT_EQ(faults_of(run.text("openmetrics.txt")), std::vector<std::string>());
}

TEST(OpenMetrics, TheCheckFindsWhatIsWrong) {
  EXPECT_EQ(faults_of("# TYPE a gauge\na{} 1 1\na{} 1 1\n# TYPE a gauge\nb{} 1 2\n").size(), 4u);
  EXPECT_EQ(faults_of("# TYPE a counter\na_total{} 2 1\na_total{} 1 2\n# EOF\n").size(), 1u);
}

TEST(OpenMetrics, CountersEndWhereTheSummaryDoes) {
  const ExportedRun run(hostile_fleet(), kPlainLoad);
  const auto values = last_values(run.text("openmetrics.txt"));
  const GroupSummary& total = run.summary().total;
  const auto completed = static_cast<double>(total.requests.completed);
  EXPECT_EQ(sum_over_engines(values, "vllm:request_success_total", "finished_reason=\"stop\""), completed);
  EXPECT_EQ(sum_over_engines(values, "vllm:request_success_total", "finished_reason=\"abort\""), 0);
  EXPECT_EQ(sum_over_engines(values, "vllm:generation_tokens_total"), 50 * completed);
  EXPECT_EQ(sum_over_engines(values, "vllm:prompt_tokens_total"),
            static_cast<double>(total.cache.prompt_tokens));
  EXPECT_EQ(sum_over_engines(values, "vllm:prefix_cache_hits_total"),
            static_cast<double>(total.cache.hit_tokens_gpu));
  EXPECT_EQ(sum_over_engines(values, "vllm:inter_token_latency_seconds_count"), 49 * completed);
  for (const char* name : {"time_to_first_token_seconds", "e2e_request_latency_seconds",
                           "request_queue_time_seconds", "request_generation_tokens"}) {
    const std::string family = std::string("vllm:") + name;
    EXPECT_EQ(sum_over_engines(values, family + "_count"), completed) << name;
    EXPECT_EQ(sum_over_engines(values, family + "_bucket", "le=\"+Inf\""), completed) << name;
  }
}

TEST(OpenMetrics, BucketsHoldAllUpToTheirBound) {
  const ExportedRun run(hostile_fleet(), kPlainLoad);
  const auto values = last_values(run.text("openmetrics.txt"));
  EXPECT_EQ(sum_over_engines(values, "vllm:request_generation_tokens_bucket", "le=\"20.0\""), 0);
  EXPECT_EQ(sum_over_engines(values, "vllm:request_generation_tokens_bucket", "le=\"50.0\""), 200);
  EXPECT_EQ(sum_over_engines(values, "vllm:request_generation_tokens_sum"), 50 * 200);
}

// The engine's time in the queue is the summary's, whatever router and network do.
TEST(OpenMetrics, SumsGiveTheMeansOfTheSummary) {
  const ExportedRun run(hostile_fleet(), kPlainLoad);
  const auto values = last_values(run.text("openmetrics.txt"));
  const Latency& latency = run.summary().total.latency;
  const auto mean = [&](const std::string& name) {
    return sum_over_engines(values, "vllm:" + name + "_sum") /
           sum_over_engines(values, "vllm:" + name + "_count");
  };
  EXPECT_NEAR(mean("request_queue_time_seconds"), latency.queue.mean, 1e-6);
  EXPECT_NEAR(mean("inter_token_latency_seconds"), latency.itl.mean, 1e-6);
  EXPECT_NEAR(mean("request_time_per_output_token_seconds"), latency.tpot.mean, 1e-6);
  EXPECT_NEAR(mean("time_to_first_token_seconds"), latency.ttft.mean, 1e-6);
  EXPECT_NEAR(mean("e2e_request_latency_seconds"), latency.e2e.mean, 1e-6);
}

TEST(OpenMetrics, NamesFollowTheEngineVersion) {
  const auto families = [](const char* version) {
    std::set<std::string> names;
    for (const EngineMetric& metric : engine_metrics({version, 4096, 100, 16, false}))
      names.insert(metric.family);
    return names;
  };
  const auto now = families("0.19.0"), old = families("0.9.1");
  for (const char* name : {"vllm:kv_cache_usage_perc", "vllm:inter_token_latency_seconds",
                           "vllm:prefix_cache_hits", "vllm:request_time_per_output_token_seconds"}) {
    EXPECT_TRUE(now.contains(name)) << name;
    EXPECT_FALSE(old.contains(name)) << name;
  }
  for (const char* name :
       {"vllm:gpu_cache_usage_perc", "vllm:time_per_output_token_seconds", "vllm:gpu_prefix_cache_hits"}) {
    EXPECT_FALSE(now.contains(name)) << name;
    EXPECT_TRUE(old.contains(name)) << name;
  }
}

TEST(OpenMetrics, AReplicaThatIsDownIsNotScraped) {
  const ExportedRun run(hostile_fleet("outages:\n  - {pool: \"a\\\"b\\\\c\\nd: {e}, </script><script>alert(1)"
                                      "</script> #\", replicas: [1], at: 5s, for: 5s, startup: 2s}\n"),
                        kPlainLoad, {ExportFormat::kPrometheus});
  const std::string text = run.text("openmetrics.txt");
  EXPECT_EQ(faults_of(text), std::vector<std::string>());
  std::map<std::string, std::set<double>> scrapes;
  for (const std::string_view line : split(text, '\n'))
    if (line.starts_with("vllm:num_requests_running"))
      scrapes[line_of(std::string(line)).series].insert(line_of(std::string(line)).seconds);
  ASSERT_EQ(scrapes.size(), 2u);
  const std::set<double>& whole = scrapes.begin()->second;
  const std::set<double>& with_gap = scrapes.rbegin()->second;
  EXPECT_EQ(whole.size() - with_gap.size(), 7u);
  EXPECT_FALSE(with_gap.contains(static_cast<double>(kExportStartSeconds) + 8));
}

TEST(OpenMetrics, LabelsAreEscaped) {
  EXPECT_EQ(openmetrics_text("a\"b\\c\nd\x01"
                             "e"),
            "a\\\"b\\\\c\\nd e");
  const ExportedRun run(hostile_fleet(), kPlainLoad, {ExportFormat::kPrometheus});
  EXPECT_NE(run.text("openmetrics.txt").find(R"(model_name="m'%{\"}\n- x",engine="0")"), std::string::npos);
}

}  // namespace
}  // namespace kvsim::sim
