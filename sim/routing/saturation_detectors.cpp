// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/saturation_detectors.h"

#include <algorithm>
#include <utility>

namespace kvsim::sim {

PoolMean::PoolMean(const std::vector<Endpoint>& endpoints) {
  for (EndpointId i = 0; i < endpoints.size(); ++i) {
    if (endpoints[i].role != PoolRole::kDecode) prefill_.push_back(i);
    if (endpoints[i].role != PoolRole::kPrefill) decode_.push_back(i);
  }
}

UtilizationThresholds::UtilizationThresholds(const Parameters& parameters)
    : queue_depth(parameters.number("queueDepthThreshold")),
      kv_usage(parameters.number("kvCacheUtilThreshold")) {}

double UtilizationThresholds::ratio(const Signals& signals, EndpointId endpoint) const {
  return std::max(signals.waiting()[endpoint] / queue_depth, signals.kv_usage()[endpoint] / kv_usage);
}

UtilizationDetector::UtilizationDetector(const PluginSettings& settings,
                                         const std::vector<Endpoint>& endpoints)
    : thresholds_(settings.parameters),
      staleness_(from_seconds(settings.parameters.number("metricsStalenessThreshold"))),
      headroom_(settings.parameters.number("headroom")),
      mean_(endpoints) {}

double UtilizationDetector::saturation(const RouterView& view, const InFlight&) {
  const Signals& signals = view.signals;
  if (ages(signals))
    return mean_.of(signals, [&](EndpointId endpoint) {
      return signals.age(endpoint, view.now) > staleness_ ? 1 : thresholds_.ratio(signals, endpoint);
    });
  if (std::exchange(version_, signals.version()) != signals.version())
    saturation_ =
        mean_.of(signals, [&](EndpointId endpoint) { return thresholds_.ratio(signals, endpoint); });
  return saturation_;
}

void UtilizationDetector::filter(const RoutingCall& call, EndpointIds& endpoints) {
  EndpointIds kept;
  for (const EndpointId endpoint : endpoints)
    if (thresholds_.ratio(call.view.signals, endpoint) < 1 + headroom_) kept.push_back(endpoint);
  if (!kept.empty()) endpoints = std::move(kept);
}

ConcurrencyDetector::ConcurrencyDetector(const PluginSettings& settings,
                                         const std::vector<Endpoint>& endpoints)
    : max_requests_(settings.parameters.number("maxConcurrency")),
      max_tokens_(settings.parameters.number("maxTokenConcurrency")),
      headroom_(settings.parameters.number("headroom")),
      counts_requests_(settings.parameters.text("concurrencyMode") != "tokens"),
      counts_tokens_(settings.parameters.text("concurrencyMode") != "requests"),
      mean_(endpoints) {}

double ConcurrencyDetector::ratio(const InFlight& in_flight, EndpointId endpoint) const {
  const double requests = static_cast<double>(in_flight.requests(endpoint)) / max_requests_;
  const double tokens = static_cast<double>(in_flight.tokens(endpoint)) / max_tokens_;
  return std::max(counts_requests_ ? requests : 0, counts_tokens_ ? tokens : 0);
}

double ConcurrencyDetector::saturation(const RouterView& view, const InFlight& in_flight) {
  const std::uint64_t presence = view.signals.presence_version();
  const bool moved = std::exchange(presence_version_, presence) != presence;
  if (std::exchange(version_, in_flight.version()) != in_flight.version() || moved)
    saturation_ = mean_.of(view.signals, [&](EndpointId endpoint) { return ratio(in_flight, endpoint); });
  return saturation_;
}

void ConcurrencyDetector::filter(const RoutingCall& call, EndpointIds& endpoints) {
  std::erase_if(endpoints,
                [&](EndpointId endpoint) { return ratio(call.in_flight, endpoint) >= 1 + headroom_; });
}

}  // namespace kvsim::sim
