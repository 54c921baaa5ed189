// SPDX-License-Identifier: Apache-2.0
// approx-prefix-cache-producer and precise-prefix-cache-producer over the indexes of prefix_index.h. A prompt
// that may not stand in the router's index (RouteRequest::may_index) is neither inserted nor matched.
//
// Approximate: blocks of the engine's size with autoTune, else of blockSizeTokens, but at least
// minBlockSizeTokens (before v0.9 no least). A prompt is looked at up to maxPrefixTokensToMatch tokens and
// maxPrefixBlocksToMatch blocks (0: no limit). An endpoint's list has room for as many entries as its engine
// has blocks with autoTune, else for lruCapacityPerServer. Prompts are inserted where they are sent, for
// prefill too.
//
// Precise: engines' events; those of an engine with other blocks are of no use. With speculativeIndexing a
// prompt counts where it was sent for speculativeTTL.
#pragma once

#include <cstdint>

#include "sim/routing/plugin_registry.h"
#include "sim/routing/prefix_index.h"

namespace kvsim::sim {

class ApproximatePrefixProducer final : public PrefixProducer {
 public:
  ApproximatePrefixProducer(const PluginSettings& settings, PluginSet& set);
  void produce(const RoutingCall& call) override;
  void dispatched(const RoutingCall& call, const Ticket& ticket) override;
  void endpoint_gone(EndpointId endpoint) override { index_.forget(endpoint); }
  const PrefixMatches& matches() const override { return matches_; }

 private:
  ApproximateIndex index_;
  PrefixMatches matches_;
};

class PrecisePrefixProducer final : public PrefixProducer {
 public:
  PrecisePrefixProducer(const PluginSettings& settings, PluginSet& set);
  RouterNeeds needs() const override { return {false, false, true}; }
  void produce(const RoutingCall& call) override;
  void dispatched(const RoutingCall& call, const Ticket& ticket) override;
  void cache_event(EndpointId endpoint, const CacheEvent& event, Nanoseconds now) override;
  void endpoint_gone(EndpointId endpoint) override { index_.forget(endpoint); }
  const PrefixMatches& matches() const override { return matches_; }

 private:
  PreciseIndexSettings settings_;
  PreciseIndex index_;
  PrefixMatches matches_;
};

}  // namespace kvsim::sim
