// SPDX-License-Identifier: Apache-2.0
// Settings that the integer program does not hold: router, batched tokens, block sizes.
#pragma once

#include "base/overrides.h"
#include "planner/evaluate.h"
#include "planner/plan.h"

namespace kvsim::planner {

// Setting by setting in the problem's order, all values of one side by side with the same requests; a value
// is kept where the fleet passes and attains more of its goals than with what was kept before. `kept` gets
// the settings.
std::vector<TunedSetting> tune(const Judging& judging, const FleetChoice& choice, Simulations& simulations,
                               Overrides& kept);

}  // namespace kvsim::planner
