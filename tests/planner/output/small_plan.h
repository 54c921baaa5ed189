// SPDX-License-Identifier: Apache-2.0
// A made-up plan by hand, with real costs: two sites, bought, installed and rented servers, storage, three
// tenants, one of them with servers of its own; fleets that keep everything, miss a goal, and break a
// constraint.
#pragma once

#include <string>

#include "planner/plan.h"

namespace kvsim::planner {

struct SmallPlan {
  Plan plan;
  WhatIf what_if;
};

// `hostile`: a name of a tenant, a site, a server and the problem, where not empty.
SmallPlan small_plan(const std::string& hostile = "");
// Nothing was found: rules conflict, or every simulated fleet misses a goal.
SmallPlan infeasible_plan();
SmallPlan fruitless_plan();

// The fleet of a YAML as the plan's.
void add_fleet(Plan& plan, const std::string& yaml);

}  // namespace kvsim::planner
