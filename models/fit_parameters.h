// SPDX-License-Identifier: Apache-2.0
// A coefficient of the step-time model as a parameter of a fit: it starts at the prior, its prior width comes
// from the prior's range, its bounds from physics.
#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "models/least_squares.h"
#include "models/prior.h"
#include "models/profile.h"

namespace kvsim::models {

// A range counts as a 90 % interval of the logarithm. Priors were measured on kernels alone or on other
// machines, so none is trusted closer than a standard deviation of 0.3 (shares of a peak), 0.7 (overheads) or
// 1 (padding, which is that of one kernel's tiles); one that reaches down to 0 counts as 2.
FitParameter fit_parameter(const std::string& name, const Coefficient& prior);
// Of each name, by the chain; InputError for a name that is no coefficient.
std::vector<FitParameter> fit_parameters(const std::vector<std::string>& names,
                                         const CoefficientChain& priors);

// A bootstrap: values that fit resampled residuals and priors, each prior moved by a draw of its own width,
// so that what the data leaves open spreads as wide as its prior. Residuals of one unit, named by its number
// below `units`, are drawn together. Linearised around the outcome (models/least_squares.h, refit).
std::vector<Values> resampled_fits(const std::vector<FitParameter>& parameters, const FitOutcome& outcome,
                                   const std::vector<std::size_t>& unit_of_residual, std::size_t units,
                                   std::size_t resamples, RandomStream& random);

// How well the data tells a parameter, by what remains of its prior's standard deviation: under 0.3, and
// known to 15 % or so, is pinned; under 0.8 partly.
enum class Identifiability { kPinned, kPartly, kNot };
Identifiability identifiability(double posterior_sigma, double prior_sigma);
std::string_view name(Identifiability how);  // "pinned", "partly", "not by this data"

}  // namespace kvsim::models
