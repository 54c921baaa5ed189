// SPDX-License-Identifier: Apache-2.0
// Loads of fleets that know one way to use servers only, at any site.
#pragma once

#include <vector>

#include "planner/load.h"
#include "planner/options.h"

namespace kvsim::planner {

// Each server, engine and storage alone, of options that serve whole requests.
std::vector<Load> loads_of_uses(const Options& options, const Load& load);

// Each that prefills with each that decodes beside it.
std::vector<Load> loads_of_pairs(const Options& options, const Load& load);

}  // namespace kvsim::planner
