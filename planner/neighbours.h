// SPDX-License-Identifier: Apache-2.0
// Fleets a step away from one.
#pragma once

#include <vector>

#include "planner/evaluate.h"
#include "planner/options.h"

namespace kvsim::planner {

// One server less of each option, then two; then one server of an option in place of one, or of two, of
// another; then another size of each storage system, or none. Not looked at: whether they can carry anything.
std::vector<Proposal> neighbours(const Problem& problem, const Options& options, const FleetChoice& choice);

}  // namespace kvsim::planner
