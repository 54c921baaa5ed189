// SPDX-License-Identifier: Apache-2.0
// Rows of roles: an option that only prefills, or only decodes, has servers only where another one works with
// it; options that do not fit each other do not both have servers.
#pragma once

#include <vector>

#include "planner/integer_program.h"
#include "planner/options.h"
#include "planner/parts.h"

namespace kvsim::planner {

// `most`: servers by option.
void add_roles(const Options& options, const std::vector<double>& most, const Parts<std::size_t>& columns,
               IntegerProgram& program);

}  // namespace kvsim::planner
