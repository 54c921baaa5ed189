// SPDX-License-Identifier: Apache-2.0
// How sure a fit of runs is: fits of resampled stages and priors, each linearised around the fit of
// all. What the data leaves open spreads as wide as its prior.
#pragma once

#include <vector>

#include "models/least_squares.h"
#include "validation/calibration/calibration.h"

namespace kvsim::validation {

std::vector<models::Values> bootstrap(const FittedFigures& fitted,
                                      const std::vector<models::FitParameter>& parameters,
                                      const models::FitOutcome& outcome, std::size_t resamples);

// The interval is the wider of what the draws and what the curvature of the fit give: of few stages, which
// resamples repeat, the draws alone are too alike.
std::vector<FittedParameter> fitted_parameters(const std::vector<models::FitParameter>& parameters,
                                               const models::FitOutcome& outcome,
                                               const std::vector<models::Values>& draws);

}  // namespace kvsim::validation
