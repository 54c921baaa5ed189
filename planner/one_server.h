// SPDX-License-Identifier: Apache-2.0
// The fleet in which an option is looked at by itself.
#pragma once

#include "planner/options.h"
#include "planner/problem.h"

namespace kvsim::planner {

// One server of it, and every storage system in its largest size.
FleetChoice one_server(const Problem& problem, std::size_t options, std::size_t option);

}  // namespace kvsim::planner
