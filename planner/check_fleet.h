// SPDX-License-Identifier: Apache-2.0
// A fleet that somebody has in mind, held against a problem.
#pragma once

#include <string>
#include <vector>

#include "planner/plan.h"
#include "planner/simulations.h"
#include "sim/scenario/load_fleet.h"

namespace kvsim::planner {

struct FleetVerdict {
  Judgement normal;
  std::vector<DegradedCase> degraded;
  std::vector<Violation> violations;  // of constraints; unknown servers and prices, and unlawful pools, too
  std::optional<FleetCost> cost;      // nothing: a pool is of no server that the problem has
  bool passes() const { return keeps_everything(normal, degraded, violations); }
};

// The fleet's own settings are judged, at the pessimistic values of its profiles, with the problem's
// workload, goals, tenants and constraints. Its servers are those of the problem by name, or by accelerator
// where only one has it. The fleet's tenants and classes must not contradict the problem's: those of the
// problem hold. InputError.
FleetVerdict check_fleet(const Problem& problem, const std::string& fleet_file,
                         const sim::FleetInputs& inputs, Simulations& simulations);

}  // namespace kvsim::planner
