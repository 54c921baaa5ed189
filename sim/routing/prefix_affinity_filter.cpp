// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/prefix_affinity_filter.h"

#include <algorithm>
#include <limits>

namespace kvsim::sim {

PrefixAffinityFilter::PrefixAffinityFilter(const PluginSettings& settings, PluginSet& set)
    : threshold_(settings.parameters.number("affinityThreshold")),
      exploration_(settings.parameters.number("explorationProbability")),
      limit_(settings.parameters.number("maxTokensInFlightPenalty")),
      cost_per_token_(1),
      prefix_(set.find<PrefixProducer>(settings.parameters.text("prefixMatchInfoProducerName"))),
      stream_(set.stream(settings.name)) {
  if (limit_ > 0) return;
  limit_ = settings.parameters.number("maxTTFTPenaltyMs");
  cost_per_token_ = 1000 / settings.parameters.number("peakPrefillThroughput");
  if (settings.parameters.text("ttftSource") == "predicted-latency")
    predictor_ = set.find<LatencyProducer>(settings.parameters.text("predictedLatencyProducerName"));
}

double PrefixAffinityFilter::cost(const RoutingCall& call, EndpointId endpoint) const {
  if (predictor_ != nullptr) return predictor_->predictions().ttft_seconds[endpoint] * 1000;
  return static_cast<double>(static_cast<std::int64_t>(call.in_flight.tokens(endpoint))) * cost_per_token_;
}

// Without a prediction (NaN) for either side nobody is too busy: comparisons with NaN are false.
bool PrefixAffinityFilter::too_busy(const RoutingCall& call, const EndpointIds& endpoints) const {
  if (limit_ == 0) return false;
  double ours = std::numeric_limits<double>::infinity(), others = ours;
  for (const EndpointId endpoint : endpoints) {
    double& least = sticky(endpoint) ? ours : others;
    least = std::min(least, cost(call, endpoint));
  }
  return ours - others > limit_;
}

void PrefixAffinityFilter::filter(const RoutingCall& call, EndpointIds& endpoints) {
  if (prefix_ == nullptr) return;
  const auto is_sticky = [&](EndpointId endpoint) { return sticky(endpoint); };
  if (std::none_of(endpoints.begin(), endpoints.end(), is_sticky)) return;
  if (exploration_ > 0 && stream_.uniform() < exploration_) return;
  if (too_busy(call, endpoints)) return;
  std::erase_if(endpoints, [&](EndpointId endpoint) { return !sticky(endpoint); });
}

}  // namespace kvsim::sim
