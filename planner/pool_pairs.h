// SPDX-License-Identifier: Apache-2.0
// Which options need each other, and which cannot be in one fleet, by their roles (docs/disaggregation.md).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "planner/options.h"

namespace kvsim::planner {

// Leaves out options that nothing works with, telling why, and finds those that do not fit each other.
// `fleets`, by option, are of that option alone; its only pool has no role.
void pair_up(std::vector<std::shared_ptr<const sim::Fleet>>& fleets, Options& options);

// One prefills what the other decodes: of the same model and for the same tenants.
bool work_together(const PoolOption& a, const PoolOption& b);

// Those that an option with a role of its own works together with and fits, ascending. A fleet that has it
// has one of them.
std::vector<std::size_t> partners(const Options& options, std::size_t option);

// What a choice has against this, in words.
std::vector<std::string> role_faults(const Options& options, const FleetChoice& choice);

}  // namespace kvsim::planner
