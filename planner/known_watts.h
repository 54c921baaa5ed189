// SPDX-License-Identifier: Apache-2.0
// What the accelerators of one server of each option draw.
#pragma once

#include "planner/cost.h"
#include "planner/judge.h"
#include "planner/options.h"
#include "planner/problem.h"

namespace kvsim::planner {

// When nobody asks anything: no fleet draws less.
AcceleratorWatts idle_watts(const Problem& problem, const std::vector<PoolOption>& options);

// As simulated; idle where the fleet has no such pool.
AcceleratorWatts known_watts(const Problem& problem, const std::vector<PoolOption>& options,
                             const Judgement& judgement);

}  // namespace kvsim::planner
