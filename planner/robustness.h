// SPDX-License-Identifier: Apache-2.0
// How sure a fleet is: over draws of its profiles' uncertainty and of the demand, and which of them matter.
#pragma once

#include "planner/evaluate.h"
#include "planner/plan.h"

namespace kvsim::planner {

// The share of draws in which the normal goals are met; each draws every profile and the workload anew.
SloProbability slo_probability(const Judging& judging, const FleetChoice& choice, Simulations& simulations);

// For each profile in use, and for the demand: how far the attainment spreads (90th less 10th percentile)
// when it alone is drawn and all else is at best. Widest first.
std::vector<WorthMeasuring> worth_measuring(const Judging& judging, const FleetChoice& choice,
                                            Simulations& simulations);

}  // namespace kvsim::planner
