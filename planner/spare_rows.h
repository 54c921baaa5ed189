// SPDX-License-Identifier: Apache-2.0
// Rows of `constraints.spare`: whatever one thing is lost, what remains carries `degraded_share` of the
// demand in an assignment of its own.
#pragma once

#include "planner/demand_rows.h"

namespace kvsim::planner {

// Losses: `node`, one server of any option; `rack`, as many servers of any option as one rack of its site
// holds; `site`, any site. `most`: servers by option.
void add_spare(const Problem& problem, const Options& options, const Load& load,
               const std::vector<double>& most, const Parts<std::size_t>& columns, IntegerProgram& program);

}  // namespace kvsim::planner
