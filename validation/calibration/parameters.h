// SPDX-License-Identifier: Apache-2.0
// The parameters of a fit: where they start, how far they may go, and what a point of them stands for.
#pragma once

#include <string>
#include <vector>

#include "models/least_squares.h"
#include "validation/calibration/subject.h"

namespace kvsim::validation {

// Those of the choice, or where it is empty the ones that serving runs depend on. A coefficient starts at the
// prior's value for the subject. The prior's sigma is that of how far engines lie from kernels at their best:
// 0.5 of the logarithm for shares, 1 for durations and counts of tokens, 0.3 for bytes; bounds lie 20 times
// (shares and durations) to 4 times (bytes) away, and a share never exceeds 1. InputError where a name is
// unknown or given twice, or bounds go beyond physics or exclude the start.
std::vector<models::FitParameter> fit_parameters(const CalibrationSettings& settings, const Subject& subject,
                                                 const models::ProfileLibrary& library);

// What the values mean: coefficients in a copy of the profile, settings of the fleet.
models::PerformanceProfile with_values(models::PerformanceProfile profile,
                                       const std::vector<models::FitParameter>& parameters,
                                       const models::Values& values);
// Settings of the router are for llm-d's: `routed_by_epp` says whether this run has it.
Settings settings_of(const std::vector<models::FitParameter>& parameters, const models::Values& values,
                     bool routed_by_epp);
bool is_fleet_setting(const std::string& parameter);  // "fleet.PATH"

}  // namespace kvsim::validation
