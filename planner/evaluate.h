// SPDX-License-Identifier: Apache-2.0
// A fleet held against everything: its goals in normal operation, its goals once something is lost, its
// constraints.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "planner/demand.h"
#include "planner/drawn_pools.h"
#include "planner/plan.h"
#include "planner/simulations.h"

namespace kvsim::planner {

struct Proposal {
  FleetChoice choice;
  std::string origin;
};

struct Judging {
  const Problem& problem;
  const Options& options;
  const Demand& demand;
  const DrawnPools& pools;  // pessimistic
  const sim::FleetInputs& inputs;
};

// By index. Degraded cases are simulated only for fleets that keep their goals otherwise. A fleet that cannot
// be read (a tenant has no lawful pool in it, say) fails with that reason.
std::vector<EvaluatedFleet> evaluate(const Judging& judging, const std::vector<Proposal>& proposals,
                                     Simulations& simulations);

using FleetChange = std::function<Document(const Document&)>;  // of a fleet's YAML; empty: none

// A fleet in normal operation with other drawings of its pools, another seed, or changed.
struct Variant {
  DrawnPools pools;
  std::uint64_t seed = 1;
  FleetChange change = {};
};
std::vector<Judgement> judge_variants(const Judging& judging, const FleetChoice& choice,
                                      const std::vector<Variant>& variants, Simulations& simulations);

// Of its runs in normal operation, as it was judged; empty where it cannot be read.
Summaries summaries_of(const Judging& judging, const FleetChoice& choice, Simulations& simulations);

// The fleet as the simulator reads it, at best values.
sim::Fleet fleet_of(const Problem& problem, const std::vector<PoolOption>& options, const FleetChoice& choice,
                    const sim::FleetInputs& inputs);

}  // namespace kvsim::planner
