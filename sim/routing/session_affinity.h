// SPDX-License-Identifier: Apache-2.0
// session-affinity-scorer scores 1 where the request's session is bound and 0 elsewhere;
// session-affinity-filter keeps that endpoint alone if it is a candidate, else all. A request without a
// session is bound nowhere.
//   encoded-endpoint-header  clients send back the endpoint that answered them last
//   session-id               a session stays with the endpoint of its first request; where that is no
//   candidate
//                            any more it is bound to the new pick. Sessions idle for longer than idleTTL are
//                            forgotten at the next sweep, once every sweepInterval.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

class SessionBindings {
 public:
  explicit SessionBindings(const Parameters& parameters);
  // The endpoint of the request's session.
  std::optional<EndpointId> find(const RoutingCall& call);
  void sent(const RoutingCall& call, EndpointId endpoint);

 private:
  struct Binding {
    EndpointId endpoint;
    Nanoseconds used;
  };
  void sweep(Nanoseconds now);

  bool follows_answers_;
  Nanoseconds idle_limit_, sweep_every_;
  Nanoseconds next_sweep_;
  std::unordered_map<std::uint64_t, Binding> bindings_;  // by session; order never matters
};

class SessionAffinityScorer final : public Scorer {
 public:
  SessionAffinityScorer(const PluginSettings& settings, PluginSet&) : bindings_(settings.parameters) {}
  void score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) override;
  void dispatched(const RoutingCall& call, const Ticket& ticket) override {
    bindings_.sent(call, ticket.decode);
  }

 private:
  SessionBindings bindings_;
};

class SessionAffinityFilter final : public Filter {
 public:
  SessionAffinityFilter(const PluginSettings& settings, PluginSet&) : bindings_(settings.parameters) {}
  void filter(const RoutingCall& call, EndpointIds& endpoints) override;
  void dispatched(const RoutingCall& call, const Ticket& ticket) override {
    bindings_.sent(call, ticket.decode);
  }

 private:
  SessionBindings bindings_;
};

}  // namespace kvsim::sim
