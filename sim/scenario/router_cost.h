// SPDX-License-Identifier: Apache-2.0
// What a router costs, where the fleet does not say.
#pragma once

#include "base/fields.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

// Of an EPP, from figures reported for llm-d-router against simulated backends in 2026, none of them checked
// here:
//   core     200-token prompts on about 5 cores take 3.6 ms (P50) and 79 ms (P95) at 500 requests/s. An M/M/5
//            queue has such a P95 at 92 % load: 9.2 ms of a core for each request. 100,000-token prompts take
//            0.5 to 1 core for each request a second: 7.5 us a token
//   latency  1.5 ms (P50) and 4.7 ms (P95) at 200 requests/s, 1.8 ms for prompts of 100,000 tokens: 2 ms in
//   the
//            mean of an exponential draw, whatever the length
//   hop      0.5 to 2 ms from the gateway and back: 1 ms
// A stream costs nothing by itself; measured ones may, see docs/router-config.md.
RouterCost epp_cost();

// `cost` of a router; what it leaves out is as in `standard`.
RouterCost read_router_cost(Fields cost, const RouterCost& standard);
std::string router_cost_yaml(const RouterCost& cost);  // "{seconds: ..., ...}"

}  // namespace kvsim::sim
