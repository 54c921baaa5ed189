// SPDX-License-Identifier: Apache-2.0
// The options' pools as the profiles have them at best, as a draw of their uncertainty has them, and as the
// pessimist takes them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "planner/demand.h"
#include "planner/options.h"
#include "planner/problem.h"
#include "sim/scenario/load_fleet.h"

namespace kvsim::planner {

// By name of the option. Each as it stands in a fleet that has one server of every option and the largest
// storage.
using PoolsByName = std::map<std::string, sim::Pool>;
PoolsByName pools_at_best(const Problem& problem, const std::vector<PoolOption>& options,
                          const sim::FleetInputs& inputs);

// What the pools of a fleet are, and a text that tells it from other drawings of the same fleet.
struct DrawnPools {
  PoolsByName pools;  // empty: at best
  std::string said;
};
DrawnPools draw_pools(const Problem& problem, const std::vector<PoolOption>& options,
                      const sim::FleetInputs& inputs, models::ProfileDraw draw);

// Of 20 draws, for each option by itself, the one at the pessimistic quantile of speed: the hand capacity,
// summed over what it may serve. A pool whose draw leaves no room for KV is slower than any other.
DrawnPools pessimistic_pools(const Problem& problem, const Options& options, const sim::FleetInputs& inputs,
                             const Demand& demand);

// The same of pools that come from elsewhere: `read` gives that of an option. InputError where it has none.
using ReadPool = std::function<sim::Pool(std::size_t option, const sim::FleetInputs& inputs)>;
DrawnPools pessimistic_pools(const Problem& problem, const Options& options, const sim::FleetInputs& inputs,
                             const Demand& demand, const ReadPool& read);

// The fleet with these pools' step times, front ends and KV blocks in place of its own.
sim::Fleet with_pools(sim::Fleet fleet, const DrawnPools& drawn);

}  // namespace kvsim::planner
