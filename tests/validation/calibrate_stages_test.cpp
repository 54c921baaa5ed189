// SPDX-License-Identifier: Apache-2.0
// Does a fit of some load stages see these alone, and is it judged on the others?
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "base/files.h"
#include "tests/own_folder.h"
#include "validation/calibration/calibrate.h"

namespace kvsim::validation {
namespace {

const std::string kCase =
    std::string(KVSIM_SOURCE_DIR) + "/validation/cases/rtx-pro-6000-llama-3.1-8b/case.yaml";

CalibrationSettings of_stages(std::set<std::uint32_t> stages) {
  CalibrationSettings settings;
  settings.cases = {kCase};
  settings.name = "test";
  settings.stages = std::move(stages);
  settings.metrics = {"tpot_seconds", "e2e_seconds"};
  settings.parameters = {parse_parameter("decode_bandwidth_share.bf16")};
  settings.hold_outs = {HoldOut::kOtherStages};
  settings.seeds = 1;
  return settings;
}

const sim::FleetInputs& shipped() {
  static const sim::FleetInputs inputs = sim::load_fleet_inputs();
  return inputs;
}

// A copy of the case in which answers of stage 9 took 337.04 s.
std::string with_another_stage_nine() {
  const auto folder = own_folder("kvsim_calibrate_stages");
  std::filesystem::remove_all(folder);
  std::filesystem::copy(std::filesystem::path(kCase).parent_path(), folder);
  std::string text = read_file(kCase);
  const std::string measured = "e2e_seconds, stage: 9, value: 33.704";
  const std::size_t at = text.find(measured);
  if (at == std::string::npos) throw std::runtime_error("the case has another figure of stage 9");
  text.replace(at, measured.size(), "e2e_seconds, stage: 9, value: 337.04");
  write_file((folder / "case.yaml").string(), text);
  return (folder / "case.yaml").string();
}

TEST(CalibrateStages, FitsTheChosenAndPredictsTheOthers) {
  const Calibration fit = calibrate(of_stages({0, 1, 2, 3, 4}), shipped());
  ASSERT_EQ(fit.figures.size(), 10u);  // two metrics of five stages
  for (const CompareFit& one : fit.figures) EXPECT_LT(one.figure.measured.stage.value_or(99), 5u);
  ASSERT_EQ(fit.held_out.size(), 1u);
  ASSERT_EQ(fit.held_out[0].predicted.size(), 10u);
  for (const CompareFit& one : fit.held_out[0].predicted)
    EXPECT_GE(one.figure.measured.stage.value_or(0), 5u);
  const std::vector<models::FitError>& errors = fit.profile.errors;
  ASSERT_EQ(errors.size(), 4u);  // of the fit, then of the stages held out
  EXPECT_EQ(errors[3].held_out, "other-stages");
}

// Where the measured figures of a held-out stage are ten times what they were, the fit is the same.
TEST(CalibrateStages, TheOthersDoNotMoveTheFit) {
  CalibrationSettings settings = of_stages({0, 1, 2, 3, 4});
  const double value = calibrate(settings, shipped()).parameters.at(0).value;
  settings.cases = {with_another_stage_nine()};
  const Calibration other = calibrate(settings, shipped());
  EXPECT_EQ(other.parameters.at(0).value, value);
  EXPECT_NEAR(other.held_out.at(0).predicted.back().figure.measured.value, 337.04, 1e-9);
  settings.stages = {5, 9};
  EXPECT_NE(calibrate(settings, shipped()).parameters.at(0).value, value);
}

TEST(CalibrateStages, ThereMustBeOthers) {
  EXPECT_THROW(calibrate(of_stages({}), shipped()), UsageError);
  EXPECT_THROW(calibrate(of_stages({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}), shipped()), UsageError);
  EXPECT_THROW(calibrate(of_stages({77}), shipped()), InputError);
}

// The command stands in validation/fit_profiles.sh.
TEST(CalibrateStages, TheShippedProfileFollowsFromTheShippedCase) {
  CalibrationSettings settings = of_stages({0, 1, 2, 3, 4});
  settings.name = "rtx-pro-6000-llama-3.1-8b";
  settings.metrics.push_back("ttft_seconds");
  settings.parameters.clear();
  for (const char* name :
       {"gemm_compute_share.bf16", "gemm_bandwidth_share.bf16", "prefill_compute_share.bf16",
        "decode_bandwidth_share.bf16", "step_seconds", "sequence_seconds"})
    settings.parameters.push_back(parse_parameter(name));
  const Calibration fit = calibrate(settings, shipped());
  const auto& profiles = shipped().profiles.profiles();
  const auto found = std::find_if(profiles.begin(), profiles.end(),
                                  [&](const auto& profile) { return profile.name == settings.name; });
  ASSERT_NE(found, profiles.end());
  for (const FittedParameter& parameter : fit.parameters)
    EXPECT_NEAR(found->coefficients.at(parameter.name).value / parameter.value, 1, 0.01) << parameter.name;
}

}  // namespace
}  // namespace kvsim::validation
