// SPDX-License-Identifier: Apache-2.0
// Does a user come from the reports of a benchmark to a case that simulates, without writing a figure?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/cli/command_line.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

using ::testing::HasSubstr;
using testing::kvsim;

class Measured : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_ / "reports");
    std::ofstream(folder_ / "fleet.yaml") << "model: Qwen3-8B\naccelerator: H200\n";
    std::ofstream(folder_ / "load.yaml")
        << "kind: generate\nrequests: 20\narrivals: {rate: 4}\ninput_tokens: 100\noutput_tokens: 20\n";
    std::ofstream(folder_ / "reports" / "bench.json")
        << R"({"date": "20260425-101112", "request_rate": 4, "duration": 5, "completed": 20, "failed": 0,
               "total_input_tokens": 2000, "total_output_tokens": 400, "request_throughput": 4,
               "mean_ttft_ms": 30, "mean_tpot_ms": 5})";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string in(const std::string& name) const { return (folder_ / name).string(); }
  testing::CommandResult make_case(const std::string& options = "") const {
    return kvsim("measured case " + in("reports") + " --fleet " + in("fleet.yaml") + " --workload " +
                 in("load.yaml") + " --out " + in("cases/case.yaml") + options);
  }

  const std::filesystem::path folder_ = own_folder("kvsim_measured_cli");
};

TEST_F(Measured, info_tells_the_format_and_the_figures) {
  const testing::CommandResult result = kvsim("measured info " + in("reports"));
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output, HasSubstr("bench: vllm bench serve, 1 file, 2026-04-25"));
  EXPECT_THAT(result.output, HasSubstr("ttft_seconds"));
}

TEST_F(Measured, a_case_made_of_it_is_validated) {
  EXPECT_EQ(make_case().status, 0);
  const testing::CommandResult result = kvsim("validate " + in("cases/case.yaml"));
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_THAT(result.output, ::testing::ContainsRegex("completed +- +- +20 +20 +.0.0 %"));
}

TEST_F(Measured, a_workload_made_of_it_is_simulated) {
  EXPECT_EQ(kvsim("measured workload " + in("reports") + " --out " + in("w.yaml")).status, 0);
  const testing::CommandResult result = kvsim("run --fleet " + in("fleet.yaml") + " --trace " + in("w.yaml"));
  EXPECT_EQ(result.status, 0) << result.output;
}

TEST_F(Measured, wrong_options_and_bad_files_have_their_exit_codes) {
  EXPECT_EQ(make_case(" --run other").status, 1);
  EXPECT_EQ(kvsim("measured workload " + in("reports") + " --stage 7 --out " + in("w.yaml")).status, 1);
  EXPECT_EQ(kvsim("measured info " + in("nothing")).status, 2);
  std::ofstream(folder_ / "reports" / "cut.json") << "{\"load_summary\": ";
  const testing::CommandResult result = make_case();
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.output, HasSubstr("cut.json:1:"));
}

}  // namespace
}  // namespace kvsim
