// SPDX-License-Identifier: Apache-2.0
// Do all commands put what lies in the user's own folder over what is shipped, and tell what is wrong with
// it?
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
using ::testing::Not;
namespace fs = std::filesystem;

const std::string kExample = KVSIM_SOURCE_DIR "/examples/quickstart/";
const std::string kProfile =
    "name: ours\nkind: measured\naccelerators: [H100-SXM-80]\nmodel: Llama-3.1-8B\nsource: a run of ours\n"
    "date: \"2026-11\"\ncoefficients: {step_seconds: 0.02}\n";
const std::string kPrices =
    "prices:\n  currency: EUR\n  sources: {quote: {title: our quote, date: \"2026-11\"}}\n"
    "  accelerators:\n    L40S: {rent_per_hour: {value: 7.25, source: quote}}\n";

class UserData : public ::testing::Test {
 protected:
  ~UserData() override { fs::remove_all(folder_); }
  void add(const std::string& file, const std::string& text) { write_file((own_ / file).string(), text); }
  CommandResult kvsim(const std::string& arguments) const {
    return testing::run_command("XDG_CONFIG_HOME=" + folder_.string() + " " + KVSIM_BINARY + " " + arguments +
                                " 2>&1");
  }
  CommandResult run() const {
    return kvsim("run --fleet " + kExample + "fleet.yaml --trace " + kExample +
                 "workload.yaml --set workload.requests=50");
  }

  const fs::path folder_ = own_folder("kvsim_user_data");
  const fs::path own_ = folder_ / "kvsim";
};

TEST_F(UserData, IsNotMissedWhereThereIsNone) {
  const CommandResult where = kvsim("catalog where");
  EXPECT_EQ(where.status, 0);
  EXPECT_THAT(where.output, HasSubstr("shipped   " + fs::canonical(KVSIM_SOURCE_DIR).string() + "\n"));
  EXPECT_THAT(where.output, HasSubstr("your own  " + own_.string() + " (not there)"));
}

TEST_F(UserData, IsPutOverWhatIsShippedAndSaidSo) {
  add("quotes/prices.yaml", kPrices);
  const CommandResult prices = kvsim("catalog list prices");
  EXPECT_EQ(prices.status, 0) << prices.output;
  EXPECT_THAT(prices.output, HasSubstr("7.25"));
  EXPECT_THAT(prices.output, HasSubstr("with your own data: " + own_.string() + "\n"));
  EXPECT_THAT(kvsim("catalog where").output, HasSubstr("your own  " + own_.string() + "\n"));
  EXPECT_THAT(kvsim("catalog where --json").output, HasSubstr("\"overlays\": [\n    \"" + own_.string()));
}

TEST_F(UserData, MayHoldProfilesThatFleetsThenUse) {
  add("ours.yaml", kProfile);
  const CommandResult result = kvsim("run --print-effective --fleet " + kExample + "fleet.yaml");
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("ours"));
}

TEST_F(UserData, LiesUnderWhatTheCommandNames) {
  add("prices.yaml", kPrices);
  std::string nearer = kPrices;
  nearer.replace(nearer.find("7.25"), 4, "6.75");
  write_file((folder_ / "nearer.yaml").string(), nearer);
  const CommandResult prices = kvsim("catalog list prices --overlay " + (folder_ / "nearer.yaml").string());
  EXPECT_THAT(prices.output, HasSubstr("6.75"));
  EXPECT_THAT(prices.output, Not(HasSubstr("7.25")));
}

TEST_F(UserData, IsKeptWithAPlanThatCanBeMadeAgainWithoutIt) {
  write_file((folder_ / "elsewhere.yaml").string(), kProfile);
  fs::create_directories(own_);
  fs::create_symlink(folder_ / "elsewhere.yaml", own_ / "ours.yaml");
  const std::string plan = (folder_ / "plan").string();
  const CommandResult made =
      kvsim("plan " KVSIM_SOURCE_DIR "/examples/plan/first/problem.yaml --no-what-if --out " + plan);
  ASSERT_EQ(made.status, 0) << made.output;
  fs::remove_all(own_);
  const CommandResult again = kvsim("reproduce " + plan);
  EXPECT_EQ(again.status, 0) << again.output;
  const CommandResult without =
      kvsim("plan " KVSIM_SOURCE_DIR "/examples/plan/first/problem.yaml --no-what-if --out " + plan + "2");
  EXPECT_NE(read_file(plan + "/plan.json"), read_file(plan + "2/plan.json"));
}

TEST_F(UserData, MayBeEmpty) {
  fs::create_directories(own_ / "nothing" / "here");
  EXPECT_EQ(run().status, 0);
  const CommandResult plan =
      kvsim("plan " KVSIM_SOURCE_DIR "/examples/plan/first/problem.yaml --no-what-if --out " +
            (folder_ / "plan").string());
  EXPECT_EQ(plan.status, 0) << plan.output;
}

TEST_F(UserData, IsRefusedWithItsPlaceWhereItIsWrong) {
  add("a.yaml", kProfile);
  add("deep/b.yaml", kProfile);
  const CommandResult twice = run();
  EXPECT_EQ(twice.status, 2);
  EXPECT_THAT(twice.output, HasSubstr(own_.string() + "/deep/b.yaml:1:1: 'ours' is given twice"));
  fs::remove_all(own_);
  add("fleet.yaml", "replicas: 4\n");
  const CommandResult other = run();
  EXPECT_EQ(other.status, 2);
  EXPECT_THAT(other.output, HasSubstr(own_.string() + "/fleet.yaml:1:1: found no accelerator, model"));
}

TEST_F(UserData, IsRefusedWhereItLeadsNowhere) {
  fs::create_directories(folder_);
  fs::create_symlink("/nonexistent", own_);
  const CommandResult result = run();
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.output, HasSubstr(own_.string() + ": cannot read: No such file"));
}

TEST_F(UserData, OthersMayNotSeeIsRefused) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  add("locked/a.yaml", kProfile);
  fs::permissions(own_ / "locked", fs::perms::none);
  const CommandResult result = run();
  fs::permissions(own_ / "locked", fs::perms::owner_all);
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.output, HasSubstr(own_.string() + "/locked: cannot list the folder: Permission denied"));
}

TEST(Version, NamesTheProgram) {
  EXPECT_THAT(testing::kvsim("--version").output,
              ::testing::MatchesRegex("kvsim [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

}  // namespace
}  // namespace kvsim
