// SPDX-License-Identifier: Apache-2.0
// no-hit-lru-scorer spreads requests that no cache helps. A request that some candidate has a part of scores
// 0.5 everywhere. A cold one prefers endpoints that never had a cold request, in their order, then those
// whose last one is longest ago:
//   1 - rank / (N - 1), at least 0, with N candidates (1 where N is 1), and rank
//     i                 of the i-th candidate that never had one
//     never + position  of the others, `position` being the place in the list of all endpoints that had one
// The list moves an endpoint to its newest end when a cold request is sent there (for prefill too), and
// forgets its oldest beyond lruSize.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

class NoHitLruScorer final : public StandingScorer {
 public:
  NoHitLruScorer(const PluginSettings& settings, PluginSet& set);
  void produce(const RoutingCall&) override { cold_ = false; }
  void score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) override;
  bool stands(const RoutingCall& call) override;
  bool moved(const RoutingCall&, EndpointIds&) override { return true; }
  double score_of(const RoutingCall&, EndpointId) const override { return kWarm; }
  void dispatched(const RoutingCall& call, const Ticket& ticket) override;

 private:
  static constexpr std::uint32_t kNever = ~std::uint32_t{0};
  static constexpr double kWarm = 0.5;

  bool any_match(const EndpointIds& endpoints) const;
  void touch(EndpointId endpoint);
  void drop(std::uint32_t position);

  const PrefixProducer* prefix_;
  std::size_t size_;
  EndpointIds order_;                     // oldest first
  std::vector<std::uint32_t> positions_;  // by endpoint, in `order_`
  bool cold_ = false;                     // the current request
};

}  // namespace kvsim::sim
