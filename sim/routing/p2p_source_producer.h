// SPDX-License-Identifier: Apache-2.0
// p2p-source-producer: from which endpoint the one that prefills could pull KV. Sources are candidates within
// one block of the longest match; one is drawn in proportion to 1 / (1 + waiting requests), and named if it
// has at least minCachedTokenDelta tokens more than the endpoint that prefills.
#pragma once

#include <optional>
#include <vector>

#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

class P2pSourceProducer final : public virtual Plugin {
 public:
  P2pSourceProducer(const PluginSettings& settings, PluginSet& set);
  RouterNeeds needs() const override { return {true, false, false}; }
  void produce(const RoutingCall&) override { source_.reset(); }
  void dispatched(const RoutingCall& call, const Ticket& ticket) override;
  // Of the request that was sent last.
  std::optional<EndpointId> source() const { return source_; }

 private:
  EndpointId draw(const RoutingCall& call, const EndpointIds& sources);

  double least_tokens_;
  const PrefixProducer* prefix_;
  RandomStream stream_;
  std::optional<EndpointId> source_;
};

}  // namespace kvsim::sim
