// SPDX-License-Identifier: Apache-2.0
// Fits a performance profile to measured steps of an engine or of the bare model (models/fit_steps.h).
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/load_fleet.h"
#include "validation/calibration/calibration.h"

namespace kvsim::validation {

struct StepSubject {  // what the steps were measured on, which their files do not tell
  std::string accelerator, model;
  std::uint32_t tp = 1;
  std::string type;  // of steps that do not name theirs; empty: the model's, as published
};

// Whether these files are step CSVs, and not cases. UsageError where they are some of each, or results of a
// benchmark.
bool are_steps(const std::vector<std::string>& files);

// Of the settings: the files (`cases`), name, source, date, versions of the engine, names of parameters and
// number of resamples. UsageError where the source's date is missing or a parameter has a start of its own;
// InputError for unknown names and for what fit_steps() refuses.
Calibration calibrate_steps(const CalibrationSettings& settings, const StepSubject& subject,
                            const sim::FleetInputs& inputs);

}  // namespace kvsim::validation
