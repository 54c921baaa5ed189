// SPDX-License-Identifier: Apache-2.0
// What each kind of request asks of a server of each option: at least (bounds), by hand, and as simulated.
#pragma once

#include <vector>

#include "planner/demand.h"
#include "planner/drawn_pools.h"
#include "planner/fleet_program.h"
#include "planner/options.h"
#include "planner/plan.h"
#include "planner/problem.h"
#include "planner/simulations.h"

namespace kvsim::planner {

// No fleet that keeps the SLOs carries less. The requests that must be in time even if all of their class
// that may be late are of their kind, and of them the least work of each part, have to be done between the
// first arrival and the last moment that still counts; parts may be done on different servers, batches are
// boundless, nothing waits, and the cache has no limit. Without a limit of time for a part it weighs next to
// nothing: each kind needs a server. What only prefills does no other work; what only decodes prefills where
// the router, the law or a prompt's length may leave it a prompt, and after a loss. The degraded share is the
// least over kinds and parts of the same for what comes after a loss, under the degraded goals. Options that
// residency refuses have their load too: what the law costs is told by its rows.
Load bound_load(const Problem& problem, const Options& options, const Demand& demand,
                const PoolsByName& pools);

// The part of each class that needs most servers, alone: a weaker bound with a smaller program.
Load heaviest_part(const Load& load);

// By hand_capacity(), at the demand's rates.
std::vector<Capacity> hand_capacities(const Problem& problem, const Options& options, const Demand& demand,
                                      const PoolsByName& pools);

// Fills in Capacity::simulated: for each option one server, and by bisection the largest share of all that it
// may serve with which the goals are kept; classes weigh as by hand. One that only prefills, or only decodes,
// has plenty of another one beside it.
struct CapacityRuns {
  const Problem& problem;
  const Options& options;
  const Demand& demand;
  const DrawnPools& pools;
  const sim::FleetInputs& inputs;
};
void simulate_capacities(const CapacityRuns& runs, Simulations& simulations,
                         std::vector<Capacity>& capacities);

// From requests a second to server-seconds a second, `of` being a member of Capacity. Where options have
// roles, there are two parts, prompts and answers; who does both counts with the first.
Load load_of(const Options& options, const Demand& demand, const std::vector<Capacity>& capacities,
             double Capacity::*of);

}  // namespace kvsim::planner
