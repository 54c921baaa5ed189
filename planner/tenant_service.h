// SPDX-License-Identifier: Apache-2.0
// What each tenant got of a fleet, out of its runs.
#pragma once

#include <vector>

#include "planner/judge.h"
#include "planner/plan.h"

namespace kvsim::planner {

// Means over the runs, in the order of the first one's tenants.
std::vector<TenantService> service_of_tenants(const Summaries& runs);

}  // namespace kvsim::planner
