// SPDX-License-Identifier: Apache-2.0
// The same problem with something else: named scenarios, each rule left out, each assumption moved.
#pragma once

#include <string>
#include <vector>

#include "planner/make_plan.h"
#include "planner/plan.h"

namespace kvsim::planner {

struct ProblemVariant {
  std::string name;
  std::vector<std::string> settings;  // what differs, for the reader
  Problem problem;
};

// Of the problem's `scenarios`, read anew from its file with their settings. InputError where one is no
// problem.
std::vector<ProblemVariant> scenarios_of(const Problem& problem, const sim::FleetInputs& inputs);
// One for each constraint that is stated, each tenant's residency, and the default residency.
std::vector<ProblemVariant> without_each_rule(const Problem& problem);
// Traffic, prices of each vendor's servers, of storage, of energy, years, discount rate, pessimism; each
// moved down and up.
std::vector<ProblemVariant> moved_assumptions(const Problem& problem);

// A search for each, with at most 32 evaluations. `same_servers`: a server does what it does in the base
// plan, so that its capacities need not be simulated again. `from` is told once for each.
std::vector<VariantRow> plan_variants(const std::vector<ProblemVariant>& variants, bool same_servers,
                                      const PlanInputs& from, const Plan& base);

// All three tables, and what they rest on.
WhatIf what_if(const Plan& base, const PlanInputs& from);

}  // namespace kvsim::planner
