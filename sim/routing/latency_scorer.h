// SPDX-License-Identifier: Apache-2.0
// Policies on predicted latency (llm-d-router's latency-scorer and slo-headroom-tier-filter). An endpoint
// whose two headrooms are >= 0 keeps the limits.
#pragma once

#include "sim/routing/plugin.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

// latency-scorer. Scored are only
//   those that keep the limits, if any; else
//   those that have nothing of this router's in flight, if any; else
//   the mildest class of misses that is not empty: TPOT only, TTFT only, both;
// the others get 0. Among the scored, with h of each dimension = |headroom|,
//   n = (h - min) / (max - min), 0.5 where max = min, and then its weight goes to the other dimension
//   c = (ttftWeight * n_ttft + tpotWeight * n_tpot) / (ttftWeight + tpotWeight)
//   headroomSelectionStrategy least: (floor(100 (1 - c)) + 1) / 100
//                             most:  (floor(100 c) + 1) / 100, among those that keep the limits; of misses
//                                    the least is the better one under both strategies [K]
// The caller clamps 1.01. An endpoint without a prediction gets 0; where none has one, all get the composite
//   (kv (1 - usage) + queue (max - waiting) / max + prefix ratio) / (kv + queue + prefix)
// of the weights compositeKVWeight, ...; a queue without waiting requests anywhere counts 1.
class LatencyScorer final : public Scorer {
 public:
  // `prefix`: nullptr where the configuration has no index; its ratio is 0 then.
  LatencyScorer(const PluginSettings& settings, const LatencyProducer& producer,
                const PrefixProducer* prefix);
  RouterNeeds needs() const override { return {true, true, false}; }
  void score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) override;

 private:
  void score_composite(const RoutingCall& call, const EndpointIds& endpoints,
                       std::vector<double>& scores) const;
  std::vector<std::size_t> bucket(const RoutingCall& call, const EndpointIds& endpoints) const;
  std::vector<double> combined(const EndpointIds& endpoints, const std::vector<std::size_t>& places) const;

  double ttft_weight_, tpot_weight_;
  bool most_;
  double kv_weight_, queue_weight_, prefix_weight_;
  const LatencyProducer& producer_;
  const PrefixProducer* prefix_;
};

// slo-headroom-tier-filter: keeps the endpoints that keep the limits; with probability epsilonExploreNeg
// those that miss one instead. All, where there are no predictions or only one of the two tiers.
class SloHeadroomTierFilter final : public Filter {
 public:
  SloHeadroomTierFilter(const PluginSettings& settings, const LatencyProducer& producer)
      : epsilon_(settings.parameters.number("epsilonExploreNeg")), producer_(producer) {}
  void filter(const RoutingCall& call, EndpointIds& endpoints) override;

 private:
  double epsilon_;
  const LatencyProducer& producer_;
};

}  // namespace kvsim::sim
