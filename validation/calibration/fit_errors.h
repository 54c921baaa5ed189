// SPDX-License-Identifier: Apache-2.0
// How far off a fit of runs is.
#pragma once

#include <string>
#include <vector>

#include "validation/calibration/calibration.h"

namespace kvsim::validation {

// One row for each metric of these figures. Where some are of saturated stages, the TTFT has a second row of
// those that are known to have kept up, "ttft_seconds (not saturated)": under saturation TTFT is the length
// of a queue that grows as long as the stage lasts.
std::vector<models::FitError> fit_errors(const std::vector<CompareFit>& figures, const std::string& held_out);

// Of all figures, then of each way to hold out.
std::vector<models::FitError> fit_errors(const Calibration& calibration);

}  // namespace kvsim::validation
