// SPDX-License-Identifier: Apache-2.0
// Do reports in the formats of other tools have the keys and types that these ask for?
#include "sim/report/exports/load_reports.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/document.h"
#include "base/text.h"
#include "tests/schema_faults.h"
#include "tests/sim/report/exports/exported_run.h"

namespace kvsim::sim {
namespace {

using ::kvsim::testing::at;
using ::kvsim::testing::ExportedRun;
using ::kvsim::testing::hostile_fleet;
using ::kvsim::testing::kHostilePool;
using ::kvsim::testing::kPlainLoad;
using ::kvsim::testing::kStagedLoad;

enum class Type { kText, kNumber, kMap, kList };

bool is_of(const Node& node, Type type) {
  if (type == Type::kMap) return node.is_map();
  if (type == Type::kList) return node.is_sequence() && !node.items.empty();
  return node.is_scalar() && (type == Type::kText || parse_double(node.scalar));
}

// What llm-d's benchmark report 0.2 must have.
const std::vector<std::pair<std::string, Type>> kRequired{
    {"version", Type::kText},
    {"run/uid", Type::kText},
    {"run/time/start", Type::kText},
    {"run/time/end", Type::kText},
    {"run/time/duration", Type::kText},
    {"scenario/stack", Type::kList},
    {"scenario/stack/0/metadata/schema_version", Type::kText},
    {"scenario/stack/0/metadata/label", Type::kText},
    {"scenario/stack/0/standardized/kind", Type::kText},
    {"scenario/stack/0/standardized/tool", Type::kText},
    {"scenario/stack/0/standardized/tool_version", Type::kText},
    {"scenario/stack/0/standardized/role", Type::kText},
    {"scenario/stack/0/standardized/replicas", Type::kNumber},
    {"scenario/stack/0/standardized/model/name", Type::kText},
    {"scenario/stack/0/standardized/accelerator/model", Type::kText},
    {"scenario/stack/0/standardized/accelerator/count", Type::kNumber},
    {"scenario/stack/0/standardized/accelerator/parallelism/tp", Type::kNumber},
    {"scenario/stack/0/native/args", Type::kMap},
    {"scenario/load/metadata/schema_version", Type::kText},
    {"scenario/load/standardized/tool", Type::kText},
    {"scenario/load/standardized/tool_version", Type::kText},
    {"scenario/load/standardized/source", Type::kText},
    {"scenario/load/standardized/input_seq_len/distribution", Type::kText},
    {"scenario/load/standardized/input_seq_len/value", Type::kNumber},
    {"scenario/load/native", Type::kMap},
    {"results/request_performance/aggregate/requests/total", Type::kNumber},
    {"results/request_performance/aggregate/requests/failures", Type::kNumber},
    {"results/request_performance/aggregate/latency/time_to_first_token/units", Type::kText},
    {"results/request_performance/aggregate/latency/time_to_first_token/mean", Type::kNumber},
    {"results/request_performance/aggregate/latency/inter_token_latency/p99p9", Type::kNumber},
    {"results/request_performance/aggregate/throughput/output_token_rate/units", Type::kText},
    {"results/request_performance/aggregate/throughput/output_token_rate/mean", Type::kNumber},
};

void expect_required(const Document& report) {
  for (const auto& [path, type] : kRequired)
    EXPECT_NO_THROW(EXPECT_TRUE(is_of(at(*report.root, path), type)) << path);
}

TEST(BenchmarkReport, HasAllThatTheSchemaRequires) {
  const ExportedRun run(hostile_fleet(), kPlainLoad, {ExportFormat::kLlmdReport});
  const Document report = load_yaml(run.path("llmd_benchmark_report.yaml"));
  expect_required(report);
  EXPECT_EQ(at(*report.root, "version").scalar, "0.2");
  EXPECT_EQ(at(*report.root, "scenario/stack/0/metadata/label").scalar, kHostilePool);
  EXPECT_EQ(at(*report.root, "results/observability/components/0/component_label").scalar, kHostilePool);
}

TEST(BenchmarkReport, EachStageHasOneOfItsOwn) {
  const ExportedRun run(hostile_fleet(), kStagedLoad, {ExportFormat::kLlmdReport});
  for (const char* stage : {"0", "1"}) {
    const Document report =
        load_yaml(run.path(std::string("llmd_benchmark_report_stage_") + stage + ".yaml"));
    expect_required(report);
    EXPECT_EQ(at(*report.root, "scenario/load/standardized/stage").scalar, stage);
  }
}

TEST(Aiperf, BlocksHaveUnitsAndAllPercentiles) {
  const ExportedRun run(hostile_fleet(), kPlainLoad, {ExportFormat::kAiperf});
  const Document report = load_json(run.path("profile_export_aiperf.json"));
  for (const char* tag :
       {"time_to_first_token", "inter_token_latency", "inter_chunk_latency", "request_latency"}) {
    EXPECT_EQ(at(*report.root, tag).find("unit")->scalar, "ms");
    for (const char* key :
         {"avg", "min", "max", "p1", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "p99", "count"})
      EXPECT_TRUE(is_of(at(*report.root, std::string(tag) + "/" + key), Type::kNumber)) << tag << key;
  }
}

TEST(GuideLlm, EachStageIsABenchmark) {
  const ExportedRun run(hostile_fleet(), kStagedLoad, {ExportFormat::kGuidellm});
  const Document report = load_json(run.path("guidellm.json"));
  ASSERT_EQ(report.root->find("benchmarks")->items.size(), 2u);
  EXPECT_EQ(at(*report.root, "benchmarks/1/config/strategy/rate").scalar, "8");
  EXPECT_TRUE(
      is_of(at(*report.root, "benchmarks/0/metrics/time_to_first_token_ms/successful/percentiles/p999"),
            Type::kNumber));
}

// An earlier run's exports would contradict the summary; what somebody else left there stays.
TEST(Exports, ThoseOfAnEarlierRunGo) {
  const ExportedRun run(hostile_fleet(), kStagedLoad);
  write_file(run.path("guidellm.json.mine"), "x");
  ASSERT_TRUE(std::filesystem::exists(run.path("profile_export_aiperf_stage_1.json")));
  remove_exports(run.folder().string());
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(run.folder() / "exports"))
    left.push_back(entry.path().filename().string());
  EXPECT_EQ(left, std::vector<std::string>{"guidellm.json.mine"});
}

TEST(Exports, SecondZeroIsTheStartOfAYear) {
  EXPECT_EQ(export_time(0), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(export_time(86'400'000'000'000 + 61'234'999'999), "2026-01-02T00:01:01.234Z");
}

}  // namespace
}  // namespace kvsim::sim
