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
  for (double& value : scores) value = score_of(value, matches);
}

double PrefixScorer::score_of(double blocks, const PrefixMatches& matches) const {
  const double share = blocks / matches.prompt_blocks;
  if (length_weight_ == 0) return share;
  const double length = std::min(1.0, blocks / (scale_tokens_ / matches.block_tokens));
  return (1 - length_weight_) * share + length_weight_ * length * length;
}

// Those that had a part of the last prompt, and those that have one of this.
bool PrefixScorer::moved(const RoutingCall&, EndpointIds& moved) {
  moved.insert(moved.end(), holders_.begin(), holders_.end());
  holders_.clear();
  if (prefix_ != nullptr) holders_ = prefix_->matches().holders;
  moved.insert(moved.end(), holders_.begin(), holders_.end());
  return true;
}

double PrefixScorer::score_of(const RoutingCall&, EndpointId endpoint) const {
  if (prefix_ == nullptr || prefix_->matches().prompt_blocks == 0) return 0;
  return score_of(prefix_->matches().weighted[endpoint], prefix_->matches());
}

}  // namespace kvsim::sim
