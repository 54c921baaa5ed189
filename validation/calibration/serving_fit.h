// SPDX-License-Identifier: Apache-2.0
// Measured runs, and fits of some or all of their figures with the simulator in the loop.
#pragma once

#include <string>
#include <vector>

#include "validation/calibration/calibration.h"
#include "validation/calibration/evaluator.h"

namespace kvsim::validation {

class ServingFit {
 public:
  // All must outlive it.
  ServingFit(const CalibrationSettings& settings, const sim::FleetInputs& inputs, const Progress& progress);

  // Fits all figures, learns how much of their spread is chance, and fits again with that.
  models::FitOutcome fit_all();
  // The chosen figures, from these values on; `what` is told as progress. Priors stay at the starts.
  models::FitOutcome fit(const std::vector<bool>& chosen, const models::Values& from,
                         const std::string& what);
  // Every figure beside what these values give.
  std::vector<CompareFit> beside(const models::Values& values);
  // Figures of the stages that are not fitted, beside what these values give. UsageError where there are
  // none.
  std::vector<CompareFit> other_stages(const models::Values& values);

  models::Values starts() const;
  const CalibrationSettings& settings() const { return settings_; }
  const std::vector<Case>& cases() const { return cases_; }
  const Subject& subject() const { return subject_; }
  const std::vector<models::FitParameter>& parameters() const { return parameters_; }
  const FittedFigures& fitted() const { return fitted_; }

 private:
  // What was measured is one draw of arrivals and of the router's choices, what is simulated the mean of a
  // few: the spread over seeds is noise too.
  void add_chance(const models::Values& values);

  const CalibrationSettings& settings_;
  const sim::FleetInputs& inputs_;
  std::vector<Case> cases_;
  Subject subject_;
  std::vector<models::FitParameter> parameters_;
  FittedFigures fitted_;
  std::string doing_;
  Progress progress_;
  Evaluator evaluator_;
};

}  // namespace kvsim::validation
