// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/policies.h"

#include <algorithm>

namespace kvsim::sim {

PlainRouter::PlainRouter(const std::vector<Endpoint>& endpoints) : Router(endpoints) {
  even_ = std::all_of(endpoints.begin(), endpoints.end(), [&](const Endpoint& endpoint) {
    return endpoint.capacity_weight == endpoints.front().capacity_weight;
  });
  some_only_prefill_ = std::any_of(endpoints.begin(), endpoints.end(), [](const Endpoint& endpoint) {
    return endpoint.role == PoolRole::kPrefill;
  });
}

Decision PlainRouter::route(const RouteRequest& asked, const RouterView&, Explanation* explanation) {
  Decision decision;
  RouteRequest request = asked;
  if (some_only_prefill_) {
    serving_.clear();
    for (const EndpointId endpoint : *asked.candidates)
      if (endpoints_[endpoint].role != PoolRole::kPrefill) serving_.push_back(endpoint);
    request.candidates = &serving_;
    if (serving_.empty()) decision.refusal = Refusal::kNoEndpoint;
    if (serving_.empty()) return decision;
  }
  if (explanation != nullptr) {
    Explanation::Profile profile{"", *request.candidates, {{"in-flight", -1, {}}}, {}, 0};
    for (const EndpointId endpoint : profile.candidates) {
      profile.columns[0].scores.push_back(static_cast<double>(in_flight().requests(endpoint)));
      profile.totals.push_back(-load(endpoint));
    }
    explanation->profiles.push_back(std::move(profile));
  }
  decision.ticket.request = request.id;
  decision.ticket.session = request.session;
  decision.ticket.input_tokens = request.input_tokens;
  decision.ticket.decode = pick(request);
  if (explanation != nullptr) explanation->profiles.back().pick = decision.ticket.decode;
  return decision;
}

EndpointId PlainRouter::draw(const EndpointIds& candidates, RandomStream& stream) const {
  if (even_) return candidates[stream.below(candidates.size())];
  double total = 0;
  for (const EndpointId endpoint : candidates) total += weight(endpoint);
  double left = stream.uniform() * total;
  for (const EndpointId endpoint : candidates) {
    left -= weight(endpoint);
    if (left < 0) return endpoint;
  }
  return candidates.back();
}

EndpointId RandomPerConnectionRouter::pick(const RouteRequest& request) {
  if (request.connection == 0) return draw(*request.candidates, own_);
  if (!even_) {
    RandomStream drawn(mix64(mix64(seed_) ^ request.connection), "router/connection");
    return draw(*request.candidates, drawn);
  }
  return (*request.candidates)[mix64(mix64(seed_) ^ request.connection) % request.candidates->size()];
}

EndpointId RoundRobinRouter::pick(const RouteRequest& request) {
  const EndpointIds& candidates = *request.candidates;
  if (even_) return candidates[turn_++ % candidates.size()];
  double total = 0;
  EndpointId best = candidates.front();
  for (const EndpointId endpoint : candidates) {
    total += weight(endpoint);
    credit_[endpoint] += weight(endpoint);
    if (credit_[endpoint] > credit_[best]) best = endpoint;
  }
  credit_[best] -= total;
  return best;
}

EndpointId LeastRequestRouter::pick(const RouteRequest& request) {
  const EndpointIds& candidates = *request.candidates;
  std::size_t best = start_ % candidates.size();
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    const std::size_t place = (start_ + i) % candidates.size();
    if (load(candidates[place]) < load(candidates[best])) best = place;
  }
  start_ = (best + 1) % candidates.size();
  return candidates[best];
}

EndpointId PowerOfTwoRouter::pick(const RouteRequest& request) {
  const EndpointId first = draw(*request.candidates, stream_);
  const EndpointId second = draw(*request.candidates, stream_);
  return load(second) < load(first) ? second : first;
}

EndpointId SessionHashRouter::pick(const RouteRequest& request) {
  const std::uint64_t key = mix64(seed_ ^ mix64(request.session != 0 ? request.session : ~request.id));
  EndpointId best = request.candidates->front();
  double best_score = -1;
  for (const EndpointId endpoint : *request.candidates) {
    const std::uint64_t bits = mix64(key ^ mix64(endpoints_[endpoint].replica + 1));
    const double share = (static_cast<double>(bits >> 11) + 0.5) * 0x1p-53;
    const double score = even_ ? share : -weight(endpoint) / portable_log(share);
    if (score > best_score) {
      best = endpoint;
      best_score = score;
    }
  }
  return best;
}

}  // namespace kvsim::sim
