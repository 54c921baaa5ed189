// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/pd_router.h"

namespace kvsim::sim {

Decision PdRoundRobinRouter::route(const RouteRequest& request, const RouterView&, Explanation* explanation) {
  Decision decision;
  const EndpointIds decodes = of(request, false);
  if (decodes.empty()) {
    decision.refusal = Refusal::kNoEndpoint;
    return decision;
  }
  Ticket& ticket = decision.ticket = ticket_of(request);
  ticket.decode = decodes[decode_turn_++ % decodes.size()];
  explain(decodes, ticket.decode, "decode", explanation);
  if (endpoints_[ticket.decode].role == PoolRole::kBoth) return decision;
  const EndpointIds prefills = of(request, true);
  if (prefills.empty()) return decision;
  ticket.prefill = prefills[prefill_turn_++ % prefills.size()];
  ticket.prefill_uncached_tokens = request.input_tokens;
  explain(prefills, *ticket.prefill, "prefill", explanation);
  return decision;
}

EndpointIds PdRoundRobinRouter::of(const RouteRequest& request, bool prefill) const {
  EndpointIds chosen;
  for (const EndpointId endpoint : *request.candidates)
    if ((endpoints_[endpoint].role == PoolRole::kPrefill) == prefill) chosen.push_back(endpoint);
  return chosen;
}

void PdRoundRobinRouter::explain(const EndpointIds& candidates, EndpointId pick, const char* name,
                                 Explanation* explanation) {
  if (explanation == nullptr) return;
  explanation->profiles.push_back({name, candidates, {}, std::vector<double>(candidates.size()), pick});
}

}  // namespace kvsim::sim
