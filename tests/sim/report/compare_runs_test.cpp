// SPDX-License-Identifier: Apache-2.0
// Which folders are results, and what is said of those that are none?
#include "sim/report/compare_runs.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "tests/own_folder.h"
#include "tests/sim/report/compare_sides.h"

namespace kvsim::sim {
namespace {

namespace fs = std::filesystem;

class CompareRuns : public ::testing::Test {
 protected:
  void SetUp() override { fs::remove_all(root_); }
  void TearDown() override { fs::remove_all(root_); }

  std::string path(const std::string& name) const { return (root_ / name).string(); }
  void put(const std::string& folder, const std::string& text) {
    write_file(path(folder) + "/summary.json", text);
  }
  void put_seed(const std::string& folder, std::uint64_t seed) {
    put(folder, summary_text(plain_summary(seed, 1, 1)));
  }

  std::vector<std::uint64_t> seeds(const std::string& place) {
    const ComparedSide side = read_side(place, summaries_in(place, problems_), problems_);
    std::vector<std::uint64_t> seeds;
    for (const ComparedRun& run : side.runs) seeds.push_back(run.seed);
    return seeds;
  }
  // What is wrong, one line each, without the folder of the test.
  std::string told() const {
    std::string text;
    for (const Problem& problem : problems_.all()) text += to_string(problem) + "\n";
    for (std::size_t at; (at = text.find(path(""))) != std::string::npos;) text.erase(at, path("").size());
    return text;
  }
  void replace(const std::string& folder, const std::string& old, const std::string& with) {
    std::string text = summary_text(plain_summary(1, 1, 1));
    text.replace(text.find(old), old.size(), with);
    put(folder, text);
  }

  Problems problems_;

 private:
  fs::path root_ = own_folder("kvsim_compare_runs");
};

using Seeds = std::vector<std::uint64_t>;

TEST_F(CompareRuns, ReadsARunRunsAndASweep) {
  put_seed("run", 7);
  put_seed("runs/x", 10);
  put_seed("runs/y", 9);
  write_file(path("runs/z/other.txt"), "");
  put_seed("sweep/points/00", 2);
  put_seed("sweep/points/01", 1);
  EXPECT_EQ(seeds(path("run")), Seeds{7});
  EXPECT_EQ(seeds(path("run/summary.json")), Seeds{7});
  EXPECT_EQ(seeds(path("runs")), (Seeds{9, 10}));
  EXPECT_EQ(seeds(path("sweep")), (Seeds{1, 2}));
  EXPECT_EQ(told(), "");
}

TEST_F(CompareRuns, TellsAllThatIsWrong) {
  put("bad/1", "{\"kvsim\": ");
  put("bad/2", "{\"kvsim\": {\"schema\": 1}, \"sweep\": {}}");
  put("bad/3", "[1, 2]");
  replace("bad/4", "\"schema\": 1", "\"schema\": 2");
  replace("bad/5", "\"seed\": 1", "\"seed\": -1");
  write_file(path("empty/nothing"), "");
  EXPECT_EQ(seeds(path("bad")), Seeds{});
  EXPECT_EQ(seeds(path("empty")), Seeds{});
  EXPECT_EQ(seeds(path("none")), Seeds{});
  const std::string text = told();
  EXPECT_NE(text.find("bad/1/summary.json:1:"), std::string::npos) << text;
  for (const char* file : {"bad/2", "bad/3", "bad/5"})
    EXPECT_NE(text.find(std::string(file) + "/summary.json: is no summary of a run; name what"),
              std::string::npos)
        << text;
  EXPECT_NE(text.find("bad/4/summary.json: kvsim.schema: found 2 (kvsim "), std::string::npos) << text;
  EXPECT_NE(text.find("empty: found no summary.json"), std::string::npos) << text;
  EXPECT_NE(text.find("none: found no summary.json"), std::string::npos) << text;
  EXPECT_EQ(problems_.all().size(), 7u) << text;
}

TEST_F(CompareRuns, ASideIsOneFleetWithEachSeedOnce) {
  put_seed("twins/x", 4);
  put_seed("twins/y", 4);
  put_seed("fleets/x", 1);
  Summary other = plain_summary(2, 1, 1);
  other.scenario.digests["fleet"] = "f1";
  put("fleets/y", summary_text(other));
  seeds(path("twins"));
  seeds(path("fleets"));
  EXPECT_EQ(told(),
            "twins/y/summary.json: scenario.seed: found 4, which twins/x/summary.json has too; a side is one "
            "fleet with each seed once, as a sweep of one point writes it\n"
            "fleets/y/summary.json: scenario.digests.fleet: found f1, and f0 in fleets/x/summary.json; a "
            "side is one "
            "fleet with each seed once, as a sweep of one point writes it\n");
}

}  // namespace
}  // namespace kvsim::sim
