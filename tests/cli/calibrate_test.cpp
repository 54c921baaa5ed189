// SPDX-License-Identifier: Apache-2.0
// Does `kvsim calibrate` make profiles that `kvsim run` takes, and refuse what it cannot fit?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/document.h"
#include "base/files.h"
#include "tests/cli/command_line.h"
#include "tests/own_folder.h"
#include "tests/schema_faults.h"

namespace kvsim {
namespace {

using testing::CommandResult;
using ::testing::HasSubstr;

class Calibrate : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(file("load.yaml"),
               "load: {type: poisson, stages: [{rate: 2, duration: 5}, {rate: 6, duration: 5}]}\n"
               "data: {type: shared_prefix, shared_prefix: {num_groups: 20, num_prompts_per_group: 1, "
               "system_prompt_len: 1000, question_len: 20, output_len: 20}}\n");
    write_file(file("case.yaml"),
               "name: ours\nsource: {title: our lab, date: \"2026\"}\nworkload: load.yaml\n"
               "fleet: {model: Llama-3.1-8B, accelerator: H100-SXM-80}\n"
               "measured:\n  - {metric: ttft_seconds, stage: 0, value: 0.07}\n"
               "  - {metric: tpot_seconds, stage: 1, value: 0.009}\n");
    std::string steps = "n_prefill,n_decode,sum_context,step_seconds\n";
    for (int i = 1; i <= 20; ++i)
      steps += "0,64," + std::to_string(64000 * i) + "," + std::to_string(8e-3 + 3.3e-3 * i) + "\n";
    write_file(file("steps.csv"), steps);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  CommandResult calibrate(const std::string& arguments, bool with_errors = true) const {
    return testing::kvsim("calibrate --out " + file("fit.yaml") + " " + arguments, with_errors);
  }

  const std::filesystem::path folder_ = own_folder("kvsim_calibrate");
};

const std::string kSteps = " --accelerator H100-SXM-80 --model Llama-3.1-8B --date 2026-11-26";

TEST_F(Calibrate, MakesAProfileThatRunsUse) {
  const CommandResult result =
      calibrate(folder_.string() + " --seeds 1 --json --report " + file("fit.html") +
                    " --parameter gemm_compute_share.bf16 --parameter frontend_seconds",
                false);
  ASSERT_EQ(result.status, 0);
  const Document json = parse_json(result.output, "json");
  EXPECT_EQ(testing::at(*json.root, "profile").scalar, "fit");
  EXPECT_EQ(testing::at(*json.root, "parameters").items.size(), 2u);
  EXPECT_EQ(testing::at(*json.root, "figures").items.size(), 2u);
  EXPECT_EQ(testing::at(*json.root, "held_out/0/by").scalar, "stages");
  EXPECT_THAT(read_file(file("fit.html")), HasSubstr("kvsim: calibration of fit"));
  const std::string example = std::string(KVSIM_SOURCE_DIR) + "/examples/quickstart";
  const CommandResult run =
      testing::kvsim("run --fleet " + example + "/fleet.yaml --trace " + file("load.yaml") + " --out " +
                     file("results") + " --profiles " + file("fit.yaml"));
  EXPECT_EQ(run.status, 0) << run.output;
  EXPECT_THAT(read_file(file("results/summary.json")), HasSubstr("our lab"));
}

TEST_F(Calibrate, MakesOneOfStepsToo) {
  const CommandResult result = calibrate(file("steps.csv") + kSteps + " --report " + file("fit.html") +
                                         " --parameter decode_bandwidth_share.bf16 --parameter step_seconds");
  ASSERT_EQ(result.status, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("decode_bandwidth_share.bf16"));
  EXPECT_THAT(result.output, HasSubstr("groups of neighbouring steps"));
  EXPECT_THAT(read_file(file("fit.yaml")), HasSubstr("steps.csv"));
  EXPECT_THAT(read_file(file("fit.html")), HasSubstr("\"step_tokens\": 64"));
}

TEST_F(Calibrate, RefusesWhatItCannotFit) {
  struct Refused {
    std::string arguments, message;
    int status;
  };
  const std::string one = file("case.yaml"), steps = file("steps.csv");
  for (const Refused& refused : std::vector<Refused>{
           {one + " --parameter speed", "speed: no coefficient", 2},
           {one + " --parameter gemm_compute_share.bf16=0.5:0.4:1.2", "beyond the limit of 1", 2},
           {one + " --parameter step_seconds=1:2", "NAME=START:LOW:HIGH", 1},
           {one + " --parameter fleet.engine.no_such=3", "no_such", 2},
           {one + " --hold-out months", "months", 1},
           {one + " --metric e2e_seconds", "no mean of e2e_seconds", 2},
           {one + " --tp 2", "--tp: of step data", 1},
           {file("none"), "none", 2},
           {one + " " + steps, "fit the steps first", 1},
           {steps + kSteps + " --seeds 4", "--seeds: of measured runs", 1},
           {steps + kSteps + " --parameter speed", "no coefficient", 2},
           {steps + kSteps + " --stage 1", "--stage: of measured runs", 1},
           {one + " --hold-out other-stages", "give with --stage", 1},
           {steps, "--date", 1},
       }) {
    const CommandResult result = calibrate(refused.arguments);
    EXPECT_EQ(result.status, refused.status) << refused.arguments << "\n" << result.output;
    EXPECT_THAT(result.output, HasSubstr(refused.message)) << refused.arguments;
  }
  EXPECT_FALSE(std::filesystem::exists(file("fit.yaml")));
}

}  // namespace
}  // namespace kvsim
