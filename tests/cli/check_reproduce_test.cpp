// SPDX-License-Identifier: Apache-2.0
// A plan can be made again from its folder; a fleet of one's own is held against a problem.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/files.h"
#include "tests/cli/command_line.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

using testing::CommandResult;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

const std::string kFirst = KVSIM_SOURCE_DIR "/examples/plan/first/problem.yaml";

class PlanFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = own_folder("kvsim_reproduce");
    ASSERT_EQ(testing::kvsim("plan " + kFirst + " --no-what-if --out " + folder_.string()).status, 0);
  }
  void TearDown() override { fs::remove_all(folder_); }
  CommandResult reproduce() const { return testing::kvsim("reproduce " + folder_.string()); }

  fs::path folder_;
};

TEST_F(PlanFolder, IsTheSameWhenMadeAgain) {
  const CommandResult again = reproduce();
  EXPECT_EQ(again.status, 0) << again.output;
  EXPECT_THAT(again.output, HasSubstr("the same, byte for byte"));
}

TEST_F(PlanFolder, IsTheSameWhereverItStands) {
  const fs::path moved = own_folder("kvsim_moved");
  fs::rename(folder_, moved);
  EXPECT_EQ(testing::kvsim("reproduce " + moved.string()).status, 0);
  fs::rename(moved, folder_);
}

TEST_F(PlanFolder, TellsWhichFileWasChanged) {
  write_file((folder_ / "cash_flow.csv").string(), "year,total\n1,0\n");
  const CommandResult again = reproduce();
  EXPECT_EQ(again.status, 2);
  EXPECT_THAT(again.output, HasSubstr("cash_flow.csv"));
  EXPECT_THAT(again.output, ::testing::Not(HasSubstr("plan.json")));
}

TEST_F(PlanFolder, TellsThatAnInputWasChanged) {
  const std::string problem = (folder_ / "inputs/files/problem.yaml").string();
  std::string text = read_file(problem);
  text.replace(text.find("280000"), 6, "290000");
  write_file(problem, text);
  const CommandResult again = reproduce();
  EXPECT_EQ(again.status, 2);
  EXPECT_THAT(again.output, HasSubstr("plan.json"));
}

TEST(Reproduce, RefusesWhatIsNoPlan) {
  EXPECT_EQ(testing::kvsim("reproduce " KVSIM_SOURCE_DIR "/examples").status, 2);
}

CommandResult check(const std::string& fleet) {
  const fs::path file = own_folder("kvsim_check").string() + ".yaml";
  write_file(file.string(), fleet);
  const CommandResult result = testing::kvsim("check " + file.string() + " " + kFirst);
  fs::remove(file);
  return result;
}

TEST(Check, LetsAFleetPassThatKeepsEverything) {
  const CommandResult result = check("{model: Llama-3.1-8B, accelerator: H100-SXM-80, replicas: 8}\n");
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("the fleet keeps everything"));
  EXPECT_THAT(result.output, HasSubstr("280000 at the start"));
}

TEST(Check, TellsWhichGoalIsMissed) {
  const CommandResult result = check("{model: Llama-3.1-8B, accelerator: L40S, replicas: 2}\n");
  EXPECT_EQ(result.status, 3);
  EXPECT_THAT(result.output, HasSubstr("MISSED default: attainment"));
}

TEST(Check, TellsThatTheProblemHasNoSuchServer) {
  const CommandResult result = check("{model: Llama-3.1-8B, accelerator: MI300X, replicas: 8}\n");
  EXPECT_EQ(result.status, 3);
  EXPECT_THAT(result.output, HasSubstr("BROKEN servers: pool mi300x"));
}

TEST(Check, TellsEveryFaultOfAFleet) {
  const CommandResult result = check("{model: no-such-model, accelerator: H100-SXM-80, replicas: -1}\n");
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.output, HasSubstr("no-such-model"));
  EXPECT_THAT(result.output, HasSubstr("-1"));
}

}  // namespace
}  // namespace kvsim
