// SPDX-License-Identifier: Apache-2.0
// prefix-cache-affinity-filter: keeps the sticky endpoints, whose matched share of the prompt is at least
// affinityThreshold. All stay where there are none, with probability explorationProbability, and where the
// sticky ones are too busy:
//   least TTFT of the sticky - least TTFT of the others > maxTTFTPenaltyMs (0: they never are)
// TTFT is uncached tokens in flight there / peakPrefillThroughput, or that of a latency predictor. With
// maxTokensInFlightPenalty (images of mid-2026) the tokens are compared themselves.
#pragma once

#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

class PrefixAffinityFilter final : public Filter {
 public:
  PrefixAffinityFilter(const PluginSettings& settings, PluginSet& set);
  void filter(const RoutingCall& call, EndpointIds& endpoints) override;

 private:
  bool sticky(EndpointId endpoint) const { return prefix_->matches().ratio(endpoint) >= threshold_; }
  bool too_busy(const RoutingCall& call, const EndpointIds& endpoints) const;
  double cost(const RoutingCall& call, EndpointId endpoint) const;

  double threshold_, exploration_;
  double limit_;  // of the difference of costs; 0: none
  double cost_per_token_;
  const PrefixProducer* prefix_;
  const LatencyProducer* predictor_ = nullptr;
  RandomStream stream_;
};

}  // namespace kvsim::sim
