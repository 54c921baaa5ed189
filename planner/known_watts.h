// SPDX-License-Identifier: Apache-2.0
// What accelerators draw when nobody asks anything: no fleet draws less.
#pragma once

#include "planner/cost.h"
#include "planner/options.h"
#include "planner/problem.h"
#include "sim/scenario/load_fleet.h"

namespace kvsim::planner {

AcceleratorWatts idle_watts(const Problem& problem, const std::vector<PoolOption>& options,
                            const sim::FleetInputs& inputs);

}  // namespace kvsim::planner
