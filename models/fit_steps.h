// SPDX-License-Identifier: Apache-2.0
// Fits the coefficients of the step-time model to measured steps: robust least squares of ln(model /
// measured) over the noise of each sample, started at the priors. docs/step-time.md says how, and what a fit
// cannot tell.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/fit_parameters.h"
#include "models/profile.h"
#include "models/step_replay.h"
#include "models/step_samples.h"

namespace kvsim::models {

struct StepFitInput {
  StepSetting setting;
  std::vector<StepSample> samples;
  std::vector<std::string> coefficients = {};  // to fit; empty: step_coefficients()
  std::string name, source, date;              // of the profile
  double least_noise = 0.02;    // relative; a sample's own is its spread, and grows with the model's error
  std::size_t resamples = 400;  // of the bootstrap
  std::size_t draws = 32;       // of them that go into the profile
  std::size_t groups = 8;       // left out in turn; samples next to each other in size are in one group
  std::uint64_t seed = 1;
};

struct FittedCoefficient {
  std::string name;
  double start = 0;                     // the prior's
  double value = 0, low = 0, high = 0;  // 90 % interval over resampled samples and priors
  double remaining = 1;                 // posterior standard deviation over that of the prior
  Identifiability how = Identifiability::kNot;
};

struct FittedStep {  // by sample
  double seconds = 0;
  double held_out_seconds = 0;  // of the fit that did not see this sample
  double noise = 0;             // relative, that the fit reckoned with
  double weight = 1;            // under 1: far off, and counted less
};

struct PhaseError {
  std::string phase;  // "decode", "prefill", "mixed"
  FitError fitted, held_out;
};

struct StepFit {
  PerformanceProfile profile;  // with errors and draws
  std::vector<FittedCoefficient> coefficients;
  std::vector<FittedStep> steps;
  std::vector<PhaseError> phases;
  double model_error = 0;  // how much wider than the samples' own noise the residuals are: 1 or more
  std::size_t rounds = 0;
  bool converged = false;
};

// InputError where a sample beats the accelerator's peaks, a type is not supported, or there are fewer
// samples than coefficients or than groups.
StepFit fit_steps(const StepFitInput& input);

// The coefficients that samples of this kind may tell: of the types, phases and launches that occur among
// them. Not prefill_padding_tokens, which costs a token as much as a lower compute share of products would:
// name it to fit it.
std::vector<std::string> step_coefficients(const StepSetting& setting,
                                           const std::vector<StepSample>& samples);

std::string_view phase_of(const StepWork& work);  // "decode", "prefill", "mixed"

}  // namespace kvsim::models
