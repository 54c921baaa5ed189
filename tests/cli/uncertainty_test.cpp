// SPDX-License-Identifier: Apache-2.0
// `kvsim run --uncertainty`: the same bytes whatever the number of jobs, bands everywhere, faults told before
// a run.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "tests/cli/command_line.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

using testing::CommandResult;
using testing::kvsim;

const std::string kExample = std::string(KVSIM_SOURCE_DIR) + "/examples/quickstart";
const std::string kInputs = "run --fleet " + kExample + "/fleet.yaml --trace " + kExample +
                            "/workload.yaml --set workload.requests=60 ";

std::string without_performance(const std::string& json) {
  return json.substr(0, json.find("\"performance\""));
}

TEST(RunUncertainty, GivesTheSameBytesWhateverTheNumberOfJobs) {
  const CommandResult one = kvsim(kInputs + "--json --uncertainty 5 --jobs 1", false);
  const CommandResult many = kvsim(kInputs + "--json --uncertainty 5 --jobs 4", false);
  ASSERT_EQ(one.status, 0);
  EXPECT_EQ(without_performance(one.output), without_performance(many.output));
  EXPECT_NE(one.output.find("\"draws\": 5"), std::string::npos);
  EXPECT_NE(one.output.find("\"latency.ttft_seconds.p99\": {"), std::string::npos);
  EXPECT_NE(one.output.find("\"slo.0.attainment\": {"), std::string::npos);
  const CommandResult other = kvsim(kInputs + "--json --uncertainty 5 --seed 2", false);
  EXPECT_NE(without_performance(one.output), without_performance(other.output));
}

// All but the bands is the run without them.
TEST(RunUncertainty, LeavesTheRunItselfAsItWas) {
  const std::string with = kvsim(kInputs + "--json --uncertainty 2", false).output;
  const std::string without = kvsim(kInputs + "--json", false).output;
  const std::string head = without.substr(0, without.find("\"validity\""));
  EXPECT_EQ(with.substr(0, with.find("\"uncertainty\"")), head);
}

TEST(RunUncertainty, ShowsBandsInTableAndFiles) {
  const std::filesystem::path out = own_folder("kvsim_uncertainty");
  const CommandResult result = kvsim(kInputs + "--uncertainty 3 --out " + out.string());
  ASSERT_EQ(result.status, 0) << result.output;
  EXPECT_NE(result.output.find("50 % band of 3 draws"), std::string::npos) << result.output;
  EXPECT_NE(result.output.find("TTFT p99 [ms]"), std::string::npos);
  EXPECT_NE(read_file((out / "summary.json").string()).find("\"uncertainty\""), std::string::npos);
  EXPECT_NE(read_file((out / "run.html").string()).find("\"uncertainty\""), std::string::npos);
  std::filesystem::remove_all(out);
}

TEST(RunUncertainty, RefusesWhatItCannotDo) {
  EXPECT_EQ(kvsim(kInputs + "--uncertainty 1").status, 1);
  EXPECT_EQ(kvsim(kInputs + "--uncertainty 1001").status, 1);
  EXPECT_EQ(kvsim(kInputs + "--uncertainty -3").status, 1);
  EXPECT_EQ(kvsim(kInputs + "--jobs 2").status, 1);
  const CommandResult pipe = testing::run_command("cat " + kExample + "/fleet.yaml | " + KVSIM_BINARY +
                                                  " run --fleet /dev/stdin --trace " + kExample +
                                                  "/workload.yaml --uncertainty 2 2>&1");
  EXPECT_EQ(pipe.status, 2);
  EXPECT_NE(pipe.output.find("found no regular file"), std::string::npos) << pipe.output;
}

}  // namespace
}  // namespace kvsim
