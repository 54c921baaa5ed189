// SPDX-License-Identifier: Apache-2.0
// Scorers that read the router's own counters, which are fresh at every decision.
//   active-request-scorer  r <= idleThreshold: 1, else (max - r) / max * maxBusyScore; r requests in flight
//   token-load-scorer      1 - min(t, T) / T; t uncached prompt tokens in flight there, and those of this
//                          request; T = queueThresholdTokens
//   lmetric-scorer         cost = uncached tokens of this request * (requests in flight + 1); the least cost
//                          scores 1, the greatest 0 [K]
#pragma once

#include <vector>

#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

class ActiveRequestScorer final : public Scorer {
 public:
  ActiveRequestScorer(const PluginSettings& settings, PluginSet&)
      : idle_(settings.parameters.number("idleThreshold")),
        busy_(settings.parameters.number("maxBusyScore")) {}
  void score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) override;

 private:
  double idle_, busy_;
};

class TokenLoadScorer final : public Scorer {
 public:
  TokenLoadScorer(const PluginSettings& settings, PluginSet& set);
  void score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) override;

 private:
  double threshold_;
  const PrefixProducer* prefix_;
};

class LmetricScorer final : public Scorer {
 public:
  LmetricScorer(const PluginSettings& settings, PluginSet& set);
  void score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) override;

 private:
  const PrefixProducer* prefix_;
};

}  // namespace kvsim::sim
