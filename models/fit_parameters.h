// SPDX-License-Identifier: Apache-2.0
// A coefficient of the step-time model as a parameter of a fit: it starts at the prior, its prior width comes
// from the prior's range, its bounds from physics.
#pragma once

#include <string>
#include <vector>

#include "models/least_squares.h"
#include "models/prior.h"
#include "models/profile.h"

namespace kvsim::models {

// A range counts as a 90 % interval. Priors were measured on kernels alone or on other machines, so none is
// trusted closer than kLeastPriorSigma (of the logarithm), and one that reaches down to 0 as far as
// kMostPriorSigma.
constexpr double kLeastPriorSigma = 0.3;
constexpr double kMostPriorSigma = 2.0;

FitParameter fit_parameter(const std::string& name, const Coefficient& prior);
// Of each name, by the chain; InputError for a name that is no coefficient.
std::vector<FitParameter> fit_parameters(const std::vector<std::string>& names,
                                         const CoefficientChain& priors);

// How well the data tells a parameter: by its posterior standard deviation over that of its prior.
enum class Identifiability { kPinned, kPartly, kNot };  // under 0.3, under 0.8, above
Identifiability identifiability(double remaining);
std::string_view name(Identifiability how);  // "pinned", "partly", "not by this data"

}  // namespace kvsim::models
