// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/prefix_scorer.h"

#include <algorithm>

#include "sim/routing/score_arrays.h"

namespace kvsim::sim {

PrefixScorer::PrefixScorer(const PluginSettings& settings, PluginSet& set)
    : prefix_(set.find<PrefixProducer>(settings.parameters.text("prefixMatchInfoProducerName"))),
      length_weight_(settings.parameters.number("matchLengthWeight")),
      scale_tokens_(settings.parameters.number("matchLengthScaleTokens")) {}

void PrefixScorer::score(const RoutingCall&, const EndpointIds& endpoints, std::vector<double>& scores) {
  if (prefix_ == nullptr || prefix_->matches().prompt_blocks == 0)
    return std::fill(scores.begin(), scores.end(), 0.0);
  const PrefixMatches& matches = prefix_->matches();
  gather(matches.weighted, endpoints, scores);
  const double all = matches.prompt_blocks, scale = scale_tokens_ / matches.block_tokens;
  if (length_weight_ == 0) {
    for (double& value : scores) value /= all;
    return;
  }
  for (double& value : scores) {
    const double length = std::min(1.0, value / scale);
    value = (1 - length_weight_) * (value / all) + length_weight_ * length * length;
  }
}

}  // namespace kvsim::sim
