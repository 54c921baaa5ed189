// SPDX-License-Identifier: Apache-2.0
// A comparison through the program: tiny runs compared as folders and as fleets, faults and exit codes.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/document.h"
#include "base/files.h"
#include "tests/cli/command_line.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

namespace fs = std::filesystem;
using testing::CommandResult;
using testing::kvsim;

const std::string kExample = std::string(KVSIM_SOURCE_DIR) + "/examples/quickstart";
const std::string kTrace = " --trace " + kExample + "/workload.yaml --set workload.requests=60 ";

class Compare : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(root_);
    const std::string fleet = read_file(kExample + "/fleet.yaml");
    std::string other = fleet;
    other.replace(other.find("replicas: 4"), 11, "replicas: 2");
    write_file(folder("a.yaml"), fleet);
    write_file(folder("b.yaml"), other);
  }
  void TearDown() override { fs::remove_all(root_); }

  std::string folder(const std::string& name) const { return (root_ / name).string(); }
  std::string fleets() const {
    return "compare --fleet " + folder("a.yaml") + " --fleet " + folder("b.yaml") + kTrace;
  }
  // The quickstart with so many replicas, into `name`.
  void run(const std::string& name, int replicas, int seed) const {
    ASSERT_EQ(kvsim("run --fleet " + kExample + "/fleet.yaml --set replicas=" + std::to_string(replicas) +
                    " --seed " + std::to_string(seed) + kTrace + "--out " + folder(name))
                  .status,
              0);
  }
  void sweep(const std::string& name, const std::string& fleet, const std::string& seeds) const {
    ASSERT_EQ(kvsim("sweep --fleet " + folder(fleet) + kTrace + seeds + " --out " + folder(name)).status, 0);
  }

 private:
  fs::path root_ = own_folder("kvsim_compare");
};

std::string after(const std::string& text, const std::string& mark) { return text.substr(text.find(mark)); }

const Node& member(const Node& node, std::initializer_list<const char*> keys) {
  const Node* at = &node;
  for (const char* key : keys) at = at->find(key);
  return *at;
}

TEST_F(Compare, TellsWhatTwoRunsSay) {
  run("a", 4, 1);
  run("b", 2, 1);
  const CommandResult result = kvsim("compare --json " + folder("a") + " " + folder("b"), false);
  ASSERT_EQ(result.status, 0);
  const auto root = parse_json(result.output, "compare.json").root;
  const auto a = load_json(folder("a") + "/summary.json").root,
             b = load_json(folder("b") + "/summary.json").root;
  std::size_t seen = 0;
  for (const Node& figure : root->find("figures")->items) {
    if (figure.find("metric")->scalar != "latency.ttft_seconds.p99") continue;
    ++seen;
    EXPECT_EQ(figure.find("a")->scalar, member(*a, {"latency", "ttft_seconds", "p99"}).scalar);
    EXPECT_EQ(figure.find("b")->scalar, member(*b, {"latency", "ttft_seconds", "p99"}).scalar);
    EXPECT_TRUE(figure.find("interval")->is_null());
    EXPECT_EQ(figure.find("verdict")->scalar, "untested");
  }
  EXPECT_EQ(seen, 1u);
}

TEST_F(Compare, FoldersOfRunsDifferInNothingFromThemselves) {
  for (const int seed : {1, 2}) run("runs/" + std::to_string(seed), 4, seed);
  const CommandResult result = kvsim("compare " + folder("runs") + " " + folder("runs"), false);
  EXPECT_EQ(result.status, 0);
  EXPECT_NE(result.output.find("nothing differs"), std::string::npos) << result.output;
}

TEST_F(Compare, FleetsGiveWhatTheirSweepsGive) {
  sweep("a", "a.yaml", "--seeds 3");
  sweep("b", "b.yaml", "--seeds 3");
  const CommandResult folders =
      kvsim("compare --all --by pool,class " + folder("a") + " " + folder("b"), false);
  const CommandResult both = kvsim(fleets() + "--seeds 3 --all --by pool --by class --jobs 2", false);
  ASSERT_EQ(folders.status, 0);
  ASSERT_EQ(both.status, 0);
  EXPECT_EQ(after(both.output, "paired: seeds 1 to 3"), after(folders.output, "paired: seeds 1 to 3"));
  EXPECT_NE(both.output.find("cost per hour"), std::string::npos);
}

TEST_F(Compare, KeepsRunsAndWritesTheSameBytesAgain) {
  const std::string command = fleets() + "--seeds 2 --out " + folder("out");
  const auto written = [this] {
    return read_file(folder("out") + "/compare.json") + read_file(folder("out") + "/compare.html");
  };
  EXPECT_NE(kvsim(command + " --jobs 1").output.find("4 runs, 0 of them kept"), std::string::npos);
  const std::string first = written();
  EXPECT_NE(kvsim(command).output.find("4 runs, 4 of them kept"), std::string::npos);
  EXPECT_EQ(written(), first);
}

TEST_F(Compare, NamesSeedsOfOneSide) {
  sweep("a", "a.yaml", "--seeds 2");
  sweep("b", "b.yaml", "--seed 2 --seeds 2");
  const CommandResult result = kvsim("compare " + folder("a") + " " + folder("b"));
  EXPECT_EQ(result.status, 0);
  for (const char* said : {"seed 1: only a", "seed 3: only b", "one pair: there is no interval"})
    EXPECT_NE(result.output.find(said), std::string::npos) << said << result.output;
}

TEST_F(Compare, BadInputsAreToldAllAtOnce) {
  write_file(folder("x/summary.json"), "{}");
  const CommandResult folders = kvsim("compare " + folder("x") + " " + folder("y"));
  EXPECT_EQ(folders.status, 2);
  EXPECT_NE(folders.output.find("x/summary.json: is no summary of a run"), std::string::npos)
      << folders.output;
  EXPECT_NE(folders.output.find("y: found no summary.json"), std::string::npos) << folders.output;
  const CommandResult fleets =
      kvsim("compare --fleet " + folder("p.yaml") + " --fleet " + folder("q.yaml") + kTrace);
  EXPECT_EQ(fleets.status, 2);
  EXPECT_NE(fleets.output.find("p.yaml"), std::string::npos) << fleets.output;
  EXPECT_NE(fleets.output.find("q.yaml"), std::string::npos) << fleets.output;
}

TEST_F(Compare, RefusesWrongOptions) {
  const std::string fleet = " --fleet " + folder("a.yaml");
  const std::pair<std::string, const char*> table[] = {
      {"", "give two results"},
      {"one", "give two results"},
      {"one two three", "give two results"},
      {"one two" + fleet + fleet, "give two results"},
      {fleet + kTrace, "give two results"},
      {fleet + fleet, "--trace is missing"},
      {"one two --seeds 3", "--seeds requires --fleet"},
      {"one two --by pods", "--by"},
      {fleet + fleet + kTrace + "--seeds 0", "--seeds"},
  };
  for (const auto& [options, said] : table) {
    const CommandResult result = kvsim("compare " + options);
    EXPECT_EQ(result.status, 1) << options << result.output;
    EXPECT_NE(result.output.find(said), std::string::npos) << options << "\n" << result.output;
  }
}

}  // namespace
}  // namespace kvsim
