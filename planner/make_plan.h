// SPDX-License-Identifier: Apache-2.0
// From a problem to its plan, and to plans of the same problem with something else.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "planner/plan.h"
#include "planner/search.h"
#include "planner/simulations.h"
#include "sim/scenario/load_fleet.h"

namespace kvsim::planner {

// Told what has just been done, with what is known by then.
using PlanTold = std::function<void(const std::string&, const Plan&)>;

struct PlanInputs {
  const sim::FleetInputs& inputs;
  Simulations& simulations;
  PlanTold told = {};
  std::shared_ptr<Demands> demands = std::make_shared<Demands>();
};

// Search alone, or also what tells how sure it is: probabilities, what to measure, hand checks, tuned
// settings.
enum class Depth { kSearch, kWhole };

// Capacities and hints that `plan` holds already are used where its options are the same. After Ctrl-C
// `plan` holds the best so far (InterruptedError).
void make_plan(const Problem& problem, const PlanInputs& from, Depth depth, Plan& plan);

}  // namespace kvsim::planner
