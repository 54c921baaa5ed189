// SPDX-License-Identifier: Apache-2.0
// What accelerators draw when nobody asks anything: no fleet draws less.
#pragma once

#include "planner/cost.h"
#include "planner/options.h"
#include "planner/problem.h"

namespace kvsim::planner {

AcceleratorWatts idle_watts(const Problem& problem, const std::vector<PoolOption>& options);

}  // namespace kvsim::planner
