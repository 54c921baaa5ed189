// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/rival_router.h"

#include <algorithm>
#include <utility>

#include "sim/routing/draws.h"

namespace kvsim::sim {

RivalRouter::RivalRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed, std::string_view stream)
    : Router(endpoints), random_(seed, stream) {
  disaggregated_ = std::any_of(endpoints.begin(), endpoints.end(),
                               [](const Endpoint& endpoint) { return endpoint.role == PoolRole::kPrefill; });
}

Decision RivalRouter::route(const RouteRequest& request, const RouterView& view, Explanation* explanation) {
  if (disaggregated_) {
    prefill_.clear(), decode_.clear();
    for (const EndpointId endpoint : *request.candidates)
      (endpoints_[endpoint].role == PoolRole::kPrefill ? prefill_ : decode_).push_back(endpoint);
  }
  Decision decision;
  decision.ticket = ticket_of(request);
  const EndpointIds& decode = disaggregated_ ? decode_ : *request.candidates;
  if (decode.empty())
    decision.refusal = Refusal::kNoEndpoint;
  else
    choose({request, view, explanation, prefill_, decode}, decision);
  return decision;
}

std::size_t RivalRouter::cheapest(const std::vector<double>& costs) {
  return draw_equal(random_, costs, *std::min_element(costs.begin(), costs.end()));
}

EndpointId RivalRouter::fewest_requests(const Call& call, const EndpointIds& candidates) {
  std::vector<double> costs;
  for (const EndpointId endpoint : candidates)
    costs.push_back(static_cast<double>(in_flight().requests(endpoint)));
  const EndpointId pick = candidates[cheapest(costs)];
  explain(call, "decode", candidates, {{"in-flight", -1, costs}}, costs, pick);
  return pick;
}

void RivalRouter::explain(const Call& call, const char* profile, const EndpointIds& candidates,
                          std::vector<Explanation::Column> terms, const std::vector<double>& costs,
                          EndpointId pick) {
  if (call.explanation == nullptr) return;
  Explanation::Profile row{profile, candidates, std::move(terms), {}, pick};
  for (const double cost : costs) row.totals.push_back(-cost);
  call.explanation->profiles.push_back(std::move(row));
}

void RivalRouter::charge_prefill(const Call& call, EndpointId prefill, std::uint64_t uncached_tokens,
                                 Ticket& ticket) {
  if (!call.split()) {
    ticket.uncached_tokens = uncached_tokens;
    return;
  }
  ticket.prefill = prefill;
  ticket.prefill_uncached_tokens = uncached_tokens;
}

}  // namespace kvsim::sim
