// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/lmetric.h"

namespace kvsim::sim {

void LmetricRouter::choose(const Call& call, Decision& decision) {
  const RouteRequest& request = call.request;
  knowledge_.match(request, call.view.now);
  std::vector<double> uncached, in_flight, costs;
  for (const EndpointId endpoint : call.prefillers()) {
    uncached.push_back(
        static_cast<double>(request.input_tokens - knowledge_.cached_tokens(endpoint, request)));
    in_flight.push_back(static_cast<double>(this->in_flight().requests(endpoint)));
    costs.push_back(uncached.back() * (in_flight.back() + 1));
  }
  const EndpointId pick = call.prefillers()[cheapest(costs)];
  explain(call, call.split() ? "prefill" : "", call.prefillers(),
          {{"uncached-tokens", -1, uncached}, {"in-flight", -1, in_flight}}, costs, pick);
  knowledge_.sent(pick, request);
  const std::uint64_t cached = knowledge_.cached_tokens(pick, request);
  decision.predicted_hit_tokens = static_cast<std::uint32_t>(cached);
  decision.ticket.decode = call.split() ? fewest_requests(call, call.decode) : pick;
  charge_prefill(call, pick, request.input_tokens - cached, decision.ticket);
}

}  // namespace kvsim::sim
