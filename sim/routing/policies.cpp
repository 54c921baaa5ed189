// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/policies.h"

#include <algorithm>

#include "base/portable_math.h"
#include "sim/routing/draws.h"

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
  decision.ticket = ticket_of(request);
  decision.ticket.decode = pick(request);
  if (explanation != nullptr) explanation->profiles.back().pick = decision.ticket.decode;
  return decision;
}

EndpointId PlainRouter::next(const EndpointIds& candidates, Turn& turn) const {
  if (even_) return candidates[turn.taken++ % candidates.size()];
  turn.credit.resize(endpoints_.size());
  double total = 0;
  EndpointId best = candidates.front();
  for (const EndpointId endpoint : candidates) {
    total += weight(endpoint);
    turn.credit[endpoint] += weight(endpoint);
    if (turn.credit[endpoint] > turn.credit[best]) best = endpoint;
  }
  turn.credit[best] -= total;
  return best;
}

EndpointId PlainRouter::draw(const EndpointIds& candidates, RandomStream& stream) const {
  if (even_) return candidates[stream.below(candidates.size())];
  return candidates[weighted_draw(stream, candidates.size(),
                                  [&](std::size_t i) { return weight(candidates[i]); })];
}

EndpointId RandomPerConnectionRouter::pick(const RouteRequest& request) {
  if (request.connection == 0) return draw(*request.candidates, own_);
  if (!even_) {
    RandomStream drawn(mix64(mix64(seed_) ^ request.connection), "router/connection");
    return draw(*request.candidates, drawn);
  }
  return (*request.candidates)[mix64(mix64(seed_) ^ request.connection) % request.candidates->size()];
}

RoundRobinPerWorkerRouter::RoundRobinPerWorkerRouter(const std::vector<Endpoint>& endpoints,
                                                     std::uint64_t seed, const Parameters& parameters)
    : PlainRouter(endpoints), seed_(seed), turns_(static_cast<std::size_t>(parameters.number("workers"))) {
  RandomStream start(seed, "router/worker-start");
  for (Turn& turn : turns_) turn.taken = start.below(endpoints.size());
}

EndpointId RoundRobinPerWorkerRouter::pick(const RouteRequest& request) {
  const std::uint64_t connection = request.connection != 0 ? request.connection : ~request.id;
  return next(*request.candidates, turns_[mix64(mix64(seed_) ^ connection) % turns_.size()]);
}

EndpointId RoundRobinPerConnectionRouter::pick(const RouteRequest& request) {
  const EndpointIds& candidates = *request.candidates;
  if (request.connection == 0) return next(candidates, turn_);
  const auto known = bound_.find(request.connection);
  if (known != bound_.end() && std::binary_search(candidates.begin(), candidates.end(), known->second))
    return known->second;
  return bound_[request.connection] = next(candidates, turn_);
}

EndpointId LeastRequestRouter::pick(const RouteRequest& request) {
  const EndpointIds& candidates = *request.candidates;
  const std::size_t start = start_ % candidates.size();
  const bool all = candidates.size() == endpoints_.size();
  const std::size_t best = all ? loads_.first_least(start) : least(candidates, start);
  start_ = (best + 1) % candidates.size();
  return candidates[best];
}

std::size_t LeastRequestRouter::least(const EndpointIds& candidates, std::size_t start) const {
  std::size_t best = start;
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    const std::size_t place = (start + i) % candidates.size();
    if (load(candidates[place]) < load(candidates[best])) best = place;
  }
  return best;
}

void LeastRequestRouter::on_dispatched(const Ticket& ticket, Nanoseconds) {
  loads_.set(ticket.decode, load(ticket.decode));
}

void LeastRequestRouter::on_ended(const Ticket& ticket, Nanoseconds) {
  loads_.set(ticket.decode, load(ticket.decode));
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
