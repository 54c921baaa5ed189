// SPDX-License-Identifier: Apache-2.0
// What a search has found so far, on one line for people who wait.
#pragma once

#include <string>

#include "planner/plan.h"

namespace kvsim::planner {

std::string progress_line(const std::string& what, const Plan& plan);

}  // namespace kvsim::planner
