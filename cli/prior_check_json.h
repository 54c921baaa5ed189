// SPDX-License-Identifier: Apache-2.0
// What `kvsim catalog check-priors --json` prints: {rows, accelerators, groups, unusable, unchecked, sources,
// points}; docs/step-time.md gives the keys.
#pragma once

#include <ostream>

#include "validation/serving_points/prior_check.h"

namespace kvsim::cli {

void write_prior_check(std::ostream& out, const validation::PriorCheck& check);

}  // namespace kvsim::cli
