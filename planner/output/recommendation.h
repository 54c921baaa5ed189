// SPDX-License-Identifier: Apache-2.0
// The plan in one sentence, and figures as people write them.
#pragma once

#include <string>

#include "planner/plan.h"

namespace kvsim::planner {

std::string whole_number(double value);              // "1,234,568"; "-" where unknown
std::string money(const Plan& plan, double amount);  // "USD 1,234,568"
const char* name(PlanState state);                   // "found", "infeasible", "not_found"

// What to buy, what it costs and what it attains; else why there is nothing to recommend.
std::string recommendation(const Plan& plan);
// How sure it is that nothing is cheaper.
std::string certainty(const Plan& plan);

}  // namespace kvsim::planner
