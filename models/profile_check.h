// SPDX-License-Identifier: Apache-2.0
// The physical limits of coefficients, one at a time, for the reader of profiles and for those made in
// memory.
#pragma once

#include <cstddef>
#include <string>

#include "base/errors.h"
#include "hardware-catalog/catalog.h"
#include "models/profile.h"

namespace kvsim::models {

constexpr std::size_t kMostDraws = 1000;  // of one profile

// Adds a problem at `where`, under the path `key`, where the name is unknown or the figures break the limits.
// Where the accelerator is known, a share over 1 is told as the speed that it would be.
void check_figures(const std::string& name, const Coefficient& coefficient, Location where,
                   const std::string& key, Problems& problems, const Accelerator* accelerator = nullptr);
// The same, and that the coefficient has a source.
void check_coefficient(const std::string& name, const Coefficient& coefficient, Location where,
                       Problems& problems, const Accelerator* accelerator = nullptr);
// A value of `name` in one of the draws: within the limits, and of a coefficient that the profile has.
void check_drawn(const CoefficientMap& coefficients, const std::string& name, double value, Location where,
                 const std::string& key, Problems& problems);

}  // namespace kvsim::models
