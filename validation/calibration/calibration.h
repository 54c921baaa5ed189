// SPDX-License-Identifier: Apache-2.0
// The outcome of a fit, to measured runs or to measured steps.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/fit_parameters.h"
#include "models/profile.h"
#include "validation/calibration/fitted_figures.h"
#include "validation/calibration/settings.h"
#include "validation/calibration/subject.h"

namespace kvsim::validation {

struct FittedParameter {
  std::string name;
  double start = 0;
  double value = 0;
  double low = 0, high = 0;  // 90 % interval of a bootstrap over stages, or over steps
  double open_share = 1;     // standard deviation of the logarithm that is left, over the prior's
  models::Identifiability how = models::Identifiability::kNot;  // what the data tells of it
};

struct CompareFit {  // a figure beside the fit of all figures
  FittedFigure figure;
  std::optional<double> simulated;
};

struct HeldOut {  // figures that a fit of the others predicted
  HoldOut by = HoldOut::kStages;
  std::vector<CompareFit> predicted;
};

struct CompareStep {  // a measured step beside the fit
  std::string phase;  // "decode", "prefill", "mixed"
  double step_tokens = 0, context_tokens = 0;
  double measured_seconds = 0, fitted_seconds = 0;
  double held_out_seconds = 0;  // of a fit that did not see it
  double noise = 0;             // relative, one sigma
};

struct Calibration {
  Subject subject;
  std::vector<std::string> cases;  // names
  std::vector<FittedParameter> parameters;
  std::vector<CompareFit> figures;  // of runs
  std::vector<HeldOut> held_out;
  std::vector<CompareStep> steps;      // of steps
  models::PerformanceProfile profile;  // with intervals, draws and errors; checked against physics
  std::size_t rounds = 0;
  bool converged = false;
};

}  // namespace kvsim::validation
