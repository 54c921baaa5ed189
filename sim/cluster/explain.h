// SPDX-License-Identifier: Apache-2.0
// A routing decision told in full, with what was true when it was made and what an oracle would have done.
#pragma once

#include "sim/metrics/routing_record.h"
#include "sim/routing/router.h"

namespace kvsim::sim {

// Before the decision: what the router sees of each candidate, and what is true.
RoutingRecord begin_record(const RouteRequest& request, const RouterView& view,
                           const std::vector<Endpoint>& endpoints, const InFlight& in_flight);

// After it. The replica that prefills is judged, against the candidate with the least time to first token
// among those that may do the same work (prefill beside a decode pool, or both).
void finish_record(RoutingRecord& record, const Explanation& explanation, const Decision& decision,
                   const std::vector<Endpoint>& endpoints);

}  // namespace kvsim::sim
