// SPDX-License-Identifier: Apache-2.0
// The pencil-and-paper page of each pool of a plan, beside what its simulation said.
#pragma once

#include <vector>

#include "planner/evaluate.h"
#include "planner/plan.h"

namespace kvsim::planner {

// Of the first of the fleet's runs in normal operation, at the values that it was judged with; none without a
// run.
std::vector<HandCheck> hand_checks(const Judging& judging, const FleetChoice& choice, const Summaries& runs);

}  // namespace kvsim::planner
