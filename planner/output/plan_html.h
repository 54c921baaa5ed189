// SPDX-License-Identifier: Apache-2.0
// plan.html: the plan for people who have never heard of a KV cache; one file that asks the network for
// nothing.
#pragma once

#include <ostream>

#include "planner/plan.h"

namespace kvsim::planner {

void write_plan_html(std::ostream& out, const Plan& plan, const WhatIf& what_if);

}  // namespace kvsim::planner
