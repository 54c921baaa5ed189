// SPDX-License-Identifier: Apache-2.0
// Simulates the measured runs with points of the parameters.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validation/calibration/fitted_figures.h"
#include "validation/calibration/parameters.h"
#include "validation/run_batch.h"

namespace kvsim::validation {

class Evaluator {
 public:
  // All must outlive it.
  Evaluator(const CalibrationSettings& settings, const sim::FleetInputs& inputs,
            const std::vector<Case>& cases, const Subject& subject,
            const std::vector<models::FitParameter>& parameters, const std::vector<FittedFigure>& figures,
            const Progress& progress);

  // [point][figure], at points of the parameters (runs that are kept are not simulated again).
  std::vector<std::vector<BySeed>> at(const std::vector<models::Values>& points);
  // Residuals of the chosen figures: ln(mean over seeds / measured) over their noise.
  std::vector<models::Values> residuals(const std::vector<models::Values>& points,
                                        const std::vector<bool>& chosen);

 private:
  // The cases with a point's values in them, each run named by all that its answer depends on.
  std::vector<Case> cases_with(const models::Values& point) const;

  const CalibrationSettings& settings_;
  const sim::FleetInputs& inputs_;
  const std::vector<Case>& cases_;
  const Subject& subject_;
  const std::vector<models::FitParameter>& parameters_;
  const std::vector<FittedFigure>& figures_;
  const Progress& progress_;
  std::string behind_;                         // digest of what stands behind every run: the priors
  std::vector<std::string> workload_digests_;  // by case
};

}  // namespace kvsim::validation
