// SPDX-License-Identifier: Apache-2.0
// A router by itself: endpoints made in code, requests that are told in one line, and a fleet whose truth is
// what the test says.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/routing/router.h"
#include "tests/sim/support/linear_step_time.h"

namespace kvsim::testing {

inline std::vector<sim::Endpoint> plain_endpoints(std::size_t count) {
  std::vector<sim::Endpoint> endpoints(count);
  auto times = std::make_shared<LinearStepTime>();
  times->context_token_seconds = 0;
  for (std::size_t i = 0; i < count; ++i) {
    endpoints[i].replica = static_cast<std::uint32_t>(i);
    endpoints[i].kv_blocks = 10'000;
    endpoints[i].step_time = times;
  }
  return endpoints;
}

inline std::vector<sim::Endpoint> prefill_and_decode(std::size_t prefill, std::size_t decode) {
  std::vector<sim::Endpoint> endpoints = plain_endpoints(prefill + decode);
  for (std::size_t i = 0; i < endpoints.size(); ++i)
    endpoints[i].role = i < prefill ? sim::PoolRole::kPrefill : sim::PoolRole::kDecode;
  return endpoints;
}

inline sim::EndpointIds all_of(const std::vector<sim::Endpoint>& endpoints) {
  sim::EndpointIds ids;
  for (std::size_t i = 0; i < endpoints.size(); ++i) ids.push_back(static_cast<sim::EndpointId>(i));
  return ids;
}

struct ToldTruth final : sim::Truth {
  std::map<sim::EndpointId, double> ttft;
  std::map<sim::EndpointId, sim::Gauges> told;
  sim::Gauges gauges(sim::EndpointId endpoint) override { return told[endpoint]; }
  std::uint64_t cached_tokens(sim::EndpointId, const sim::RouteRequest&) override { return 0; }
  double ttft_seconds(sim::EndpointId endpoint, const sim::RouteRequest&) override { return ttft[endpoint]; }
};

// Plays requests against one router. Ids count from 1.
class RouterCase {
 public:
  explicit RouterCase(std::vector<sim::Endpoint> fleet)
      : endpoints(std::move(fleet)),
        candidates(all_of(endpoints)),
        signals(std::vector<Nanoseconds>(endpoints.size()), 1) {}

  template <class Policy, class... Arguments>
  Policy& use(Arguments&&... arguments) {
    auto made = std::make_unique<Policy>(endpoints, std::forward<Arguments>(arguments)...);
    Policy& made_router = *made;
    router = std::move(made);
    return made_router;
  }

  sim::Decision decide(std::vector<traces::Piece> prompt, sim::RouteRequest request = {}) {
    request.id = ++last_id_;
    request.prompt = &(prompt_ = std::move(prompt));
    request.input_tokens = static_cast<std::uint32_t>(traces::total_tokens(prompt_));
    request.tenant = request.slo_class = &none_;
    if (request.candidates == nullptr) request.candidates = &candidates;
    explanation = {};
    return router->route(request, {now, signals, truth}, &explanation);
  }

  // Routes and dispatches; the place of its ticket among `tickets` is its id - 1 while nothing is refused.
  sim::EndpointId send(std::vector<traces::Piece> prompt, sim::RouteRequest request = {}) {
    const sim::Decision decision = decide(std::move(prompt), request);
    router->dispatched(decision.ticket, now);
    tickets.push_back(decision.ticket);
    return decision.ticket.decode;
  }
  sim::EndpointId send(std::uint32_t tokens) { return send({{1000 + last_id_, 0, tokens}}); }

  std::vector<sim::Endpoint> endpoints;
  sim::EndpointIds candidates;
  sim::Signals signals;
  ToldTruth truth;
  Nanoseconds now = 0;
  std::unique_ptr<sim::Router> router;
  std::deque<sim::Ticket> tickets;
  sim::Explanation explanation;  // of the last decision

 private:
  std::vector<traces::Piece> prompt_;
  std::string none_;
  std::uint64_t last_id_ = 0;
};

}  // namespace kvsim::testing
