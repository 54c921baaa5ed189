// SPDX-License-Identifier: Apache-2.0
// The step-time model's figure for a published point, by the closed forms of point_seconds.h.
#pragma once

#include <variant>

#include "models/profile_library.h"
#include "validation/serving_points/point_setup.h"

namespace kvsim::validation {

// Seconds to hold beside `setup.measured_seconds`. Where the tensor-parallel size is not
// stated, it is the power of two up to 8 with which kvsim is fastest. No answer: what ran does not fit into
// the memory that kvsim expects; the model cannot be split so, or not run in these types; or the measurement
// is faster than the peaks of the accelerator allow, so that something else must have run.
std::variant<double, Unusable> simulate(const PointSetup& setup, const models::ProfileLibrary& profiles);

}  // namespace kvsim::validation
