// SPDX-License-Identifier: Apache-2.0
// Fleets a step away from one.
#pragma once

#include <vector>

#include "planner/evaluate.h"
#include "planner/options.h"

namespace kvsim::planner {

// One server less of each option, then two; then one server of an option in place of one, or of two, of
// another; then one that prefills and one that decodes in place of three, or of two, that do both, and one of
// these in place of such a pair; then another size of each storage system, or none. Not looked at: whether
// they can carry anything.
std::vector<Proposal> neighbours(const Problem& problem, const Options& options, const FleetChoice& choice);

}  // namespace kvsim::planner
