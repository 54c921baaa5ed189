// SPDX-License-Identifier: Apache-2.0
// A plan from its kept inputs to its files, and the same again to see whether it still comes out so.
#pragma once

#include <string>
#include <vector>

#include "planner/kept_inputs.h"
#include "planner/make_plan.h"
#include "planner/workers.h"

namespace kvsim::planner {

struct PlanRun {
  Plan plan;
  WhatIf what_if;
  std::uint64_t simulated = 0;  // runs
  std::uint64_t found = 0;      // runs that were in the store
};

// Works from the kept inputs' root, which becomes the current folder. The first process writes the files.
// After Ctrl-C the best so far is written (InterruptedError).
PlanRun run_plan(const KeptInputs& kept, const std::string& folder, Workers& workers, const PlanTold& told);

// Makes the plan of `folder` again, elsewhere, with nothing but its kept inputs and data; names of files that
// come out with other bytes, are missing or are new.
std::vector<std::string> differences_when_run_again(const std::string& folder, Workers& workers,
                                                    const PlanTold& told);

}  // namespace kvsim::planner
