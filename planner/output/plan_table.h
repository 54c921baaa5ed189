// SPDX-License-Identifier: Apache-2.0
// A plan for people, on a terminal.
#pragma once

#include <string>

#include "planner/plan.h"

namespace kvsim::planner {

std::string plan_table(const Plan& plan, const WhatIf& what_if);

}  // namespace kvsim::planner
