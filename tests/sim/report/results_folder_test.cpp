// SPDX-License-Identifier: Apache-2.0
#include "sim/report/results_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <set>
#include <sstream>

#include "base/document.h"
#include "base/files.h"
#include "tests/own_folder.h"
#include "tests/schema_faults.h"
#include "tests/sim/report/small_run.h"

namespace kvsim::sim {
namespace {

namespace fs = std::filesystem;

std::string text_of(const std::function<void(std::ostream&)>& write) {
  std::ostringstream out;
  write(out);
  return out.str();
}

Document summary_document(const Summary& summary) {
  return parse_json(text_of([&summary](std::ostream& out) { write_summary_json(out, summary); }),
                    "summary.json");
}

using testing::at;
using testing::faults_of;

TEST(SummaryJson, HasExactlyTheKeysOfTheSchema) {
  const Document schema = load_json(std::string(KVSIM_SOURCE_DIR) + "/schemas/summary.schema.json");
  EXPECT_EQ(faults_of(summary_document(small_run()), schema), std::vector<std::string>());
}

TEST(SummaryJson, HasExactlyTheKeysOfTheSchemaWithTiersToo) {
  const Document schema = load_json(std::string(KVSIM_SOURCE_DIR) + "/schemas/summary.schema.json");
  const Document document = summary_document(small_run({400, "", true}));
  EXPECT_EQ(faults_of(document, schema), std::vector<std::string>());
  for (const char* list : {"host", "storage", "link_kinds", "links", "oldest_kv"})
    EXPECT_FALSE(at(*document.root, std::string("sizing/") + list).items.empty()) << list;
}

TEST(SummaryJson, HasExactlyTheKeysOfTheSchemaWithValidityToo) {
  const Document schema = load_json(std::string(KVSIM_SOURCE_DIR) + "/schemas/summary.schema.json");
  Summary summary = small_run();
  summary.uncertainty = {2, 0, {band_of("slo_attainment", 0.5, {0.1, 0.5})}};
  summary.pools[0].info.step_time.errors = {{"ttft", "runs", 3, 0.1, 0.2}};
  summary.pools[0].fitted.resize(1);
  const Document document = summary_document(summary);
  EXPECT_EQ(faults_of(document, schema), std::vector<std::string>());
  EXPECT_EQ(at(*document.root, "uncertainty/metrics/slo_attainment/high").scalar, "0.5");
  EXPECT_EQ(at(*document.root, "pools/0/step_time/errors/0/held_out").scalar, "runs");
  EXPECT_TRUE(at(*document.root, "pools/0/step_time/quantities/0/seen/0").is_null());
}

TEST(SummaryJson, TellsHitsAndTrafficByTier) {
  const Document document = summary_document(small_run({400, "", true}));
  const Node& root = *document.root;
  EXPECT_NE(at(root, "cache/hit_tokens/host").scalar, "0");
  EXPECT_NE(at(root, "cache/hit_tokens/storage").scalar, "0");
  EXPECT_NE(at(root, "cache/evicted_blocks/storage").scalar, "0");
  EXPECT_EQ(at(root, "pools/0/cache/evicted_blocks").find("storage"), nullptr);
  EXPECT_EQ(at(root, "tenants/0/cache").find("evicted_blocks"), nullptr);
  EXPECT_TRUE(at(root, "latency/load_wait_seconds/p99").is_scalar());
  EXPECT_EQ(summary_document(small_run()).root->find("sizing"), nullptr);
}

TEST(SummaryJson, CountsEveryRequestOnce) {
  const Document document = summary_document(small_run());
  EXPECT_EQ(at(*document.root, "requests/offered").scalar, "800");
  EXPECT_EQ(at(*document.root, "requests/completed").scalar, "796");
  EXPECT_EQ(at(*document.root, "requests/failed").scalar, "2");
  EXPECT_EQ(at(*document.root, "requests/rejected").scalar, "2");
}

TEST(SummaryJson, TellsUnknownFiguresAsNull) {
  const Document document = summary_document(summarize(Recorder({}), RunFacts()));
  EXPECT_TRUE(at(*document.root, "latency/ttft_seconds/p99").is_null());
  EXPECT_TRUE(at(*document.root, "performance/wall_seconds").is_null());
  EXPECT_EQ(at(*document.root, "verdict/state").scalar, "too_short");
}

TEST(StageJson, HasTheKeysOfInferencePerf) {
  const Summary summary = small_run();
  ASSERT_EQ(summary.stages.size(), 2u);
  const Document document = parse_json(
      text_of([&summary](std::ostream& out) { write_stage_json(out, summary.stages[1]); }), "stage");
  const Node& root = *document.root;
  for (const char* metric : {"request_latency", "normalized_time_per_output_token", "time_per_output_token",
                             "time_to_first_token", "inter_token_latency"})
    for (const char* statistic : {"mean", "min", "p0.1", "p1", "p5", "p10", "p25", "median", "p75", "p90",
                                  "p95", "p99", "p99.9", "max"})
      EXPECT_TRUE(at(root, std::string("successes/latency/") + metric + "/" + statistic).is_scalar());
  EXPECT_EQ(at(root, "load_summary/count").scalar, "400");
  EXPECT_EQ(at(root, "load_summary/requested_rate").scalar, "10");
  EXPECT_EQ(at(root, "successes/count").scalar, "398");
  EXPECT_TRUE(at(root, "successes/throughput/total_tokens_per_sec").is_scalar());
  EXPECT_TRUE(at(root, "successes/prompt_len/median").is_scalar());
  EXPECT_TRUE(at(root, "successes/output_len/median").is_scalar());
  EXPECT_EQ(at(root, "failures/count").scalar, "2");
}

TEST(TimeseriesCsv, HasAsManyCellsInEachRowAsInItsHeader) {
  const Summary summary = small_run({400, "a,\"b\"\nc"});
  std::istringstream text(text_of([&summary](std::ostream& out) { write_timeseries_csv(out, summary); }));
  std::string header;
  std::getline(text, header);
  const auto cells = std::count(header.begin(), header.end(), ',');
  for (std::string row; std::getline(text, row) && row.starts_with("nvidia");)
    EXPECT_EQ(std::count(row.begin(), row.end(), ','), cells) << row;
  EXPECT_NE(text.str().find("\"a,\"\"b\"\"\nc\","), std::string::npos);
}

void expect_even_rows(const std::string& csv, std::size_t rows) {
  std::istringstream text(csv);
  std::string line;
  std::getline(text, line);
  const auto cells = std::count(line.begin(), line.end(), ',');
  std::size_t count = 0;
  for (; std::getline(text, line); ++count)
    ASSERT_EQ(std::count(line.begin(), line.end(), ','), cells) << line;
  EXPECT_EQ(count, rows);
}

TEST(TiersCsv, HasARowForEachSystemAndEachLinkAtEachTime) {
  const Sizing sizing = *small_run({400, "", true}).sizing;
  const std::size_t times = sizing.series.size();
  expect_even_rows(text_of([&](std::ostream& out) { write_tiers_csv(out, sizing); }), 2 * times);
  expect_even_rows(text_of([&](std::ostream& out) { write_links_csv(out, sizing); }), 76 * times);
}

TEST(ResultsTable, TellsWhatTiersNeed) {
  const std::string table = results_table(small_run({400, "", true}));
  for (const char* part : {"tiers  ", "load wait", "host memory of pool", "written/day", "links [Gb/s]",
                           "nic", "for 7.0 d", "oldest KV in", "clinic"})
    EXPECT_NE(table.find(part), std::string::npos) << part << '\n' << table;
  EXPECT_EQ(results_table(small_run()).find("written/day"), std::string::npos);
}

TEST(ResultsTable, NamesPoolsClassesTenantsAndWhatToKnow) {
  const std::string table = results_table(small_run());
  for (const char* part : {"verdict", "TTFT", "nvidia", "gaudi", "chat", "clinic", "not calibrated"})
    EXPECT_NE(table.find(part), std::string::npos) << part;
}

class Folder : public ::testing::Test {
 protected:
  Folder() : path_(own_folder("kvsim_results_folder_test")) { fs::remove_all(path_); }
  ~Folder() override { fs::remove_all(path_); }
  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(path_))
      names.insert(entry.path().filename());
    return names;
  }
  fs::path path_;
};

TEST_F(Folder, HoldsOneRunAndNothingOfTheRunBefore) {
  Summary summary = small_run();
  write_results(path_, summary);
  EXPECT_EQ(files(),
            (std::set<std::string>{"run.html", "stage_0_lifecycle_metrics.json",
                                   "stage_1_lifecycle_metrics.json", "summary.json", "timeseries.csv"}));
  summary.stages.pop_back();
  EXPECT_EQ(write_results(path_, summary).size(), 4u);
  EXPECT_FALSE(files().contains("stage_1_lifecycle_metrics.json"));
}

TEST_F(Folder, HasTiersAndLinksWhereTheFleetHasThem) {
  write_results(path_, small_run({400, "", true}));
  EXPECT_TRUE(files().contains("tiers.csv"));
  EXPECT_TRUE(files().contains("links.csv"));
  write_results(path_, small_run());
  EXPECT_FALSE(files().contains("tiers.csv"));
  EXPECT_FALSE(files().contains("links.csv"));
}

TEST_F(Folder, IsAskedForBeforeALongRun) {
  check_results_folder(path_);
  EXPECT_TRUE(fs::is_empty(path_));
  write_file((path_ / "file").string(), "");
  EXPECT_THROW(check_results_folder((path_ / "file").string()), InputError);
}

TEST_F(Folder, GetsTheSameBytesTwice) {
  write_results(path_, small_run());
  const std::string first = read_file(path_ / "summary.json") + read_file(path_ / "run.html");
  write_results(path_, small_run());
  EXPECT_EQ(first, read_file(path_ / "summary.json") + read_file(path_ / "run.html"));
}

}  // namespace
}  // namespace kvsim::sim
