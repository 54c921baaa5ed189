// SPDX-License-Identifier: Apache-2.0
// The parts of a problem YAML. Each reads its own keys of the root into the problem and reports problems
// there.
#pragma once

#include "base/fields.h"
#include "planner/price_reader.h"
#include "planner/problem_reading.h"

namespace kvsim::planner {

void read_models(Fields& root, ProblemReading& reading);
void read_workload(Fields& root, ProblemReading& reading);
void read_slos(Fields& root, ProblemReading& reading);  // after constraints
void read_servers(Fields& root, ProblemReading& reading, PriceBook& prices);
void read_sites(Fields& root, ProblemReading& reading);  // after servers
void read_storage(Fields& root, ProblemReading& reading, PriceBook& prices);
void read_engines(Fields& root, const Node& root_node, ProblemReading& reading);
void read_router(Fields& root, ProblemReading& reading);  // after sites
void read_constraints(Fields& root, ProblemReading& reading);
void read_finance(Fields& root, ProblemReading& reading, PriceBook& prices);
void read_search(Fields& root, ProblemReading& reading);  // with tuning and scenarios

// Holds what the problem has in common with fleets against the readers of fleets.
void check_fleet_parts(ProblemReading& reading);
// Names of sites, servers, models, storage and vendors that parts of the problem use.
void check_references(Fields& root, ProblemReading& reading);

}  // namespace kvsim::planner
