// SPDX-License-Identifier: Apache-2.0
// The columns of an integer program that make up a fleet, and the rows that hold them together.
#pragma once

#include <vector>

#include "planner/cost.h"
#include "planner/integer_program.h"
#include "planner/parts.h"

namespace kvsim::planner {

// `most`: servers by option. Rows without a rule: installed servers are among those that work; an option that
// mounts storage needs one of its sizes, which nobody needs otherwise; nothing stands at a site that is not
// in use. With `constraints.vendors`, a column more for each vendor that says whether it has a server.
Parts<std::size_t> add_fleet_columns(const Problem& problem, const std::vector<PoolOption>& pools,
                                     const UnitCosts& units, const std::vector<double>& most,
                                     IntegerProgram& program);

}  // namespace kvsim::planner
