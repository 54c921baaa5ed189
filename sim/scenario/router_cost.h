// SPDX-License-Identifier: Apache-2.0
// What a router costs, where the fleet does not say.
#pragma once

#include "base/fields.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

// Of an EPP: handling in 1.5 ms (P50 at 200 requests/s of 200-token prompts on about 5 cores; P95 4.7 ms),
// 0.5 of a core for each request a second of 100,000 tokens (the lower figure), both as reported for
// llm-d-router against simulated backends in 2026; 1 ms for the way from the gateway and back (reported 0.5
// to 2 ms). A stream costs nothing by itself; measured ones may, see docs/router-config.md.
RouterCost epp_cost();

// `cost` of a router; what it leaves out is as in `standard`.
RouterCost read_router_cost(Fields cost, const RouterCost& standard);
std::string router_cost_yaml(const RouterCost& cost);  // "{seconds: ..., ...}"

}  // namespace kvsim::sim
