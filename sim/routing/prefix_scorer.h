// SPDX-License-Identifier: Apache-2.0
// prefix-cache-scorer: (1 - w) * matched / all blocks + w * min(1, matched tokens / S)^2, with w =
// matchLengthWeight and S = matchLengthScaleTokens. A prompt without a block, or without a producer, scores
// 0.
#pragma once

#include <vector>

#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

class PrefixScorer final : public StandingScorer {
 public:
  PrefixScorer(const PluginSettings& settings, PluginSet& set);
  void score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) override;
  bool moved(const RoutingCall& call, EndpointIds& moved) override;
  double score_of(const RoutingCall& call, EndpointId endpoint) const override;

 private:
  double score_of(double blocks, const PrefixMatches& matches) const;

  const PrefixProducer* prefix_;
  double length_weight_, scale_tokens_;
  EndpointIds holders_;  // of the last prompt that moved() saw
};

}  // namespace kvsim::sim
