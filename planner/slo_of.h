// SPDX-License-Identifier: Apache-2.0
// The SLO that holds for requests of a tenant in a class, as the workload names both.
#pragma once

#include <string>

#include "planner/problem.h"

namespace kvsim::planner {

// By the class's name, else by the tenant's `slo_class`, else the one named "default" or the only one; one
// without any limit where none is meant.
const SloPlan& slo_of(const Problem& problem, const std::string& slo_class, const std::string& tenant);

// As fleets and results have it: one without a name is "default".
std::string label_of(const SloPlan& slo);

}  // namespace kvsim::planner
