// SPDX-License-Identifier: Apache-2.0
// The physical limits of coefficients, one at a time, for the reader of profiles and for those made in
// memory.
#pragma once

#include <cstddef>
#include <string>

#include "base/errors.h"
#include "models/profile.h"

namespace kvsim::models {

constexpr std::size_t kMostDraws = 1000;  // of one profile

// Adds a problem at `where`, under the path `key`, where the name is unknown or the figures break the limits.
void check_figures(const std::string& name, const Coefficient& coefficient, Location where,
                   const std::string& key, Problems& problems);
// The same, and that the coefficient has a source.
void check_coefficient(const std::string& name, const Coefficient& coefficient, Location where,
                       Problems& problems);
// A value of `name` in one of the draws: within the limits, and of a coefficient that the profile has.
void check_drawn(const CoefficientMap& coefficients, const std::string& name, double value, Location where,
                 const std::string& key, Problems& problems);

}  // namespace kvsim::models
