// SPDX-License-Identifier: Apache-2.0
// What a problem has against a fleet, and what the fleet costs.
#pragma once

#include <ostream>
#include <string>

#include "planner/check_fleet.h"

namespace kvsim::planner {

std::string verdict_table(const Problem& problem, const FleetVerdict& verdict);
void write_verdict_json(std::ostream& out, const Problem& problem, const FleetVerdict& verdict);

}  // namespace kvsim::planner
