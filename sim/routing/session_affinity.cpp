// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/session_affinity.h"

#include <algorithm>

namespace kvsim::sim {
namespace {

bool contains(const EndpointIds& endpoints, EndpointId endpoint) {
  return std::binary_search(endpoints.begin(), endpoints.end(), endpoint);
}

}  // namespace

SessionBindings::SessionBindings(const Parameters& parameters)
    : follows_answers_(parameters.text("strategy") == "encoded-endpoint-header"),
      idle_limit_(from_seconds(parameters.number("sessionIdConfig.idleTTL"))),
      sweep_every_(
          std::max<Nanoseconds>(1, from_seconds(parameters.number("sessionIdConfig.sweepInterval")))),
      next_sweep_(follows_answers_ ? kNever : sweep_every_) {}

std::optional<EndpointId> SessionBindings::find(const RoutingCall& call) {
  if (call.request.session == 0) return {};
  sweep(call.view.now);
  const auto found = bindings_.find(call.request.session);
  if (found == bindings_.end()) return {};
  found->second.used = call.view.now;
  return found->second.endpoint;
}

void SessionBindings::sent(const RoutingCall& call, EndpointId endpoint) {
  if (call.request.session == 0) return;
  sweep(call.view.now);
  Binding& binding = bindings_.try_emplace(call.request.session, Binding{endpoint, 0}).first->second;
  binding.used = call.view.now;
  if (follows_answers_ || !contains(*call.request.candidates, binding.endpoint)) binding.endpoint = endpoint;
}

void SessionBindings::sweep(Nanoseconds now) {
  if (now < next_sweep_) return;
  const Nanoseconds last = now / sweep_every_ * sweep_every_;
  std::erase_if(bindings_, [&](const auto& entry) { return last - entry.second.used > idle_limit_; });
  next_sweep_ = last + sweep_every_;
}

void SessionAffinityScorer::score(const RoutingCall& call, const EndpointIds& endpoints,
                                  std::vector<double>& scores) {
  const std::optional<EndpointId> bound = bindings_.find(call);
  for (std::size_t i = 0; i < endpoints.size(); ++i) scores[i] = bound && endpoints[i] == *bound ? 1 : 0;
}

void SessionAffinityFilter::filter(const RoutingCall& call, EndpointIds& endpoints) {
  const std::optional<EndpointId> bound = bindings_.find(call);
  if (bound && contains(endpoints, *bound)) endpoints.assign(1, *bound);
}

}  // namespace kvsim::sim
