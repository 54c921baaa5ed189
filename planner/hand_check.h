// SPDX-License-Identifier: Apache-2.0
// The pencil-and-paper page of each pool of a plan, beside what its simulation said.
#pragma once

#include <vector>

#include "planner/evaluate.h"
#include "planner/plan.h"

namespace kvsim::planner {

// Of the fleet's first run in normal operation, at the values that it was judged with.
std::vector<HandCheck> hand_checks(const Judging& judging, const FleetChoice& choice,
                                   Simulations& simulations);

}  // namespace kvsim::planner
