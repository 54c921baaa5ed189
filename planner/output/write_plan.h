// SPDX-License-Identifier: Apache-2.0
// The files of a plan, as docs/plan.md describes them.
#pragma once

#include <string>
#include <vector>

#include "planner/plan.h"

namespace kvsim::planner {

// Each appears whole or not at all, plan.json last: its presence means a complete folder. Files of an earlier
// plan that this one does not have are removed; others in the folder stay. Returns the paths written.
// InputError where the place cannot be written.
std::vector<std::string> write_plan(const std::string& folder, const Plan& plan, const WhatIf& what_if);

}  // namespace kvsim::planner
