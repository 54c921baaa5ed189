// SPDX-License-Identifier: Apache-2.0
// Fleets that were simulated and are not the answer.
#pragma once

#include <string>
#include <vector>

#include "planner/plan.h"

namespace kvsim::planner {

inline constexpr std::size_t kShownAlternatives = 5;

// Others that keep everything, cheapest first: indices into Plan::evaluated.
std::vector<std::size_t> alternatives(const Plan& plan);

// Why a fleet is not feasible: what it misses in normal operation, with something lost, and the constraints
// that it breaks. Empty: it is feasible.
std::vector<std::string> faults(const EvaluatedFleet& fleet);

// Of those that fail, the one with the highest attainment (the first of equals); nothing: none was tried.
std::optional<std::size_t> nearest_miss(const Plan& plan);

}  // namespace kvsim::planner
