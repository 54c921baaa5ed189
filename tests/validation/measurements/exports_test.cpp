// SPDX-License-Identifier: Apache-2.0
// Do the exports of a run read back as measurements with the same figures?
#include <gtest/gtest.h>

#include "tests/sim/report/exports/exported_run.h"
#include "tests/validation/measurements/read_texts.h"

namespace kvsim::validation {
namespace {

using ::kvsim::testing::ExportedRun;
using ::kvsim::testing::hostile_fleet;
using ::kvsim::testing::kPlainLoad;
using ::kvsim::testing::kStagedLoad;

Measurements read_back(const ExportedRun& run, const std::string& file) {
  Problems problems;
  std::vector<Measurements> runs = read_measurements(run.path(file), problems);
  problems.throw_if_any();
  return runs.at(0);
}

void expect_same(const Measurements& read, const std::string& metric, const sim::Distribution& simulated) {
  EXPECT_NEAR(value_of(read, metric, "mean"), simulated.mean, 1e-9 * simulated.mean) << metric;
  EXPECT_NEAR(value_of(read, metric, "p50"), simulated.p50, 1e-9 * simulated.p50) << metric;
  EXPECT_NEAR(value_of(read, metric, "p99"), simulated.p99, 1e-9 * simulated.p99) << metric;
  EXPECT_NEAR(value_of(read, metric, "max"), simulated.max, 1e-9 * simulated.max) << metric;
}

void expect_same_run(const Measurements& read, const sim::Summary& summary) {
  const sim::GroupSummary& total = summary.total;
  EXPECT_EQ(value_of(read, "completed"), static_cast<double>(total.requests.completed));
  EXPECT_EQ(value_of(read, "failed"), static_cast<double>(total.requests.failed + total.requests.rejected()));
  EXPECT_NEAR(value_of(read, "requests_per_second"), total.throughput.requests_per_second, 1e-9);
  EXPECT_NEAR(value_of(read, "output_tokens_per_second"), total.throughput.output_tokens_per_second, 1e-6);
  expect_same(read, "ttft_seconds", total.latency.ttft);
  expect_same(read, "tpot_seconds", total.latency.tpot);
  expect_same(read, "e2e_seconds", total.latency.e2e);
}

TEST(Exports, AiperfGuideLlmAndReportsReadBackTheSame) {
  const ExportedRun run(hostile_fleet(), kPlainLoad);
  for (const char* file : {"profile_export_aiperf.json", "guidellm.json", "llmd_benchmark_report.yaml"}) {
    SCOPED_TRACE(file);
    expect_same_run(read_back(run, file), run.summary());
  }
  const Measurements report = read_back(run, "llmd_benchmark_report.yaml");
  EXPECT_NEAR(value_of(report, "kv_usage", "mean"), run.summary().pools[0].kv_usage_mean, 1e-12);
}

TEST(Exports, StagesReadBackAsStages) {
  const ExportedRun run(hostile_fleet(), kStagedLoad);
  const sim::StageSummary& second = run.summary().stages.at(1);
  const Measurements guidellm = read_back(run, "guidellm.json");
  EXPECT_EQ(guidellm.stages.at(1).requested_rate, second.info.requested_rate);
  EXPECT_NEAR(value_of(guidellm, "ttft_seconds", "p99", 1), second.time_to_first_token.at[10], 1e-9);
  const Measurements report = read_back(run, "llmd_benchmark_report_stage_1.yaml");
  EXPECT_EQ(report.stages.at(0).index, 1u);
  EXPECT_NEAR(value_of(report, "ntpot_seconds", "mean", 1), second.normalized_time_per_output_token.mean,
              1e-12);
  EXPECT_EQ(read_back(run, "profile_export_aiperf_stage_1.json").stages.at(0).requested_rate,
            second.info.requested_rate);
}

// Buckets leave percentiles unsure; counts, means and gauges are exact. Rates are over whole scrapes.
TEST(Exports, PrometheusTextReadsBackAsARunningCluster) {
  const ExportedRun run(hostile_fleet(), kPlainLoad);
  const Measurements read = read_back(run, "openmetrics.txt");
  const sim::GroupSummary& total = run.summary().total;
  EXPECT_EQ(read.format, "OpenMetrics over time");
  EXPECT_EQ(read.notes.size(), 1u);
  EXPECT_EQ(value_of(read, "completed"), static_cast<double>(total.requests.completed));
  EXPECT_NEAR(value_of(read, "hit_ratio"), total.cache.hit_ratio(), 1e-12);
  EXPECT_NEAR(value_of(read, "ttft_seconds", "mean"), total.latency.ttft.mean, 1e-6);
  EXPECT_NEAR(value_of(read, "tpot_seconds", "mean"), total.latency.tpot.mean, 1e-6);
  EXPECT_NEAR(value_of(read, "itl_seconds", "mean"), total.latency.itl.mean, 1e-6);
  EXPECT_NEAR(value_of(read, "e2e_seconds", "mean"), total.latency.e2e.mean, 1e-6);
  EXPECT_EQ(read.stages.at(0).output_tokens_mean, 50);
  EXPECT_EQ(read.engine.block_tokens, 16u);
  ASSERT_EQ(read.series.size(), 4u);
  for (const MeasuredSeries& series : read.series) EXPECT_EQ(series.every_seconds, 1) << series.metric;
}

}  // namespace
}  // namespace kvsim::validation
