// SPDX-License-Identifier: Apache-2.0
// Fits a performance profile to measured serving runs, with the simulator in the loop: the parameters under
// which simulated throughput, TTFT and TPOT come closest to the measured ones, each over its noise. How far
// off the fit is on figures that it has not seen is part of the answer.
#pragma once

#include <string>
#include <vector>

#include "validation/calibration/fitted_figures.h"
#include "validation/calibration/parameters.h"
#include "validation/run_batch.h"

namespace kvsim::validation {

struct FittedParameter {
  models::FitParameter asked;
  double value = 0;
  double low = 0, high = 0;  // 90 % interval of a bootstrap over stages
  // Standard deviation of the logarithm that is left, over the prior's. The data pins down what lies below
  // 0.5, and says little about what lies above 0.9.
  double open_share = 1;
};

struct CompareFit {  // a figure beside the fit of all figures
  FittedFigure figure;
  std::optional<double> simulated;
};

struct HeldOut {  // figures that a fit of the others predicted
  HoldOut by = HoldOut::kStages;
  std::vector<CompareFit> predicted;
};

struct Calibration {
  Subject subject;
  std::vector<std::string> cases;  // names
  std::vector<FittedParameter> parameters;
  std::vector<CompareFit> figures;
  std::vector<HeldOut> held_out;
  models::PerformanceProfile profile;  // with intervals, draws and errors; checked against physics
  std::size_t rounds = 0;
  bool converged = false;
};

Calibration calibrate(const CalibrationSettings& settings, const sim::FleetInputs& inputs,
                      const Progress& progress = {});

// One row for each metric: of the fit, and of each way to hold out.
std::vector<models::FitError> fit_errors(const std::vector<CompareFit>& figures, const std::string& held_out);

}  // namespace kvsim::validation
