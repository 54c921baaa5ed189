// SPDX-License-Identifier: Apache-2.0
// The measured figures that a fit is about, and what they have in common.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "validation/calibration/settings.h"
#include "validation/case.h"
#include "validation/offered_load.h"

namespace kvsim::validation {

struct FittedFigure {
  std::size_t of_case = 0, point = 0;  // places in the cases and in the case's points
  MeasuredFigure measured;
  double rate = 0;       // offered in its stage or run, per second; 0: not by rate
  double noise = 0.1;    // relative, one sigma: as measured, and of a run's own chance
  std::size_t unit = 0;  // figures of one stage of one run share it: they are resampled together
  std::optional<bool> saturated = {};  // its stage, as measured (validation/saturation.h); nothing: unknown
};

struct FittedFigures {
  std::vector<FittedFigure> figures;
  std::vector<OfferedLengths> workloads;  // by case
  std::size_t units = 0;
};

// Means, of the metrics that are asked for, above 0, beside what was offered.
// InputError where a case has none.
FittedFigures fitted_figures(const std::vector<Case>& cases, const CalibrationSettings& settings);

// Which figures are held out together, one list of flags a fold, with its name. Nothing for kStages, whose
// folds are the units, and kOtherStages, which no fit sees.
struct Fold {
  std::string name;
  std::vector<bool> held_out;  // by figure
};
std::vector<Fold> folds(const FittedFigures& fitted, const std::vector<Case>& cases, HoldOut by);

}  // namespace kvsim::validation
