// SPDX-License-Identifier: Apache-2.0
// How full a pool is, as llm-d-router's saturation detectors reckon it. In a disaggregated fleet the pool
// that serves prefills and the one that decodes are reckoned apart, and the fuller one counts (a replica of
// both roles belongs to both). Endpoints whose pod is gone do not count. A pool without endpoints is full: 1.
//
//   utilization-detector (the default)
//     saturation  mean over endpoints of max(waiting / queueDepthThreshold, kv / kvCacheUtilThreshold) of the
//                 last scrape; one that is older than metricsStalenessThreshold counts 1
//     filter      keeps waiting < queueDepthThreshold * (1 + headroom)
//                 and kv < kvCacheUtilThreshold * (1 + headroom); all, where none would be left
//   concurrency-detector, of the router's own counters
//     saturation  requests: requests in flight / (endpoints * maxConcurrency)
//                 tokens:   tokens in flight / (endpoints * maxTokenConcurrency)
//                 hybrid:   mean over endpoints of the larger of its two ratios
//     filter      keeps ratios < 1 + headroom; may leave none
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/routing/plugin.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

// Mean of something over the endpoints there that prefill, and over those that decode: the larger one.
class PoolMean {
 public:
  explicit PoolMean(const std::vector<Endpoint>& endpoints);
  template <class Value>
  double of(const Signals& signals, const Value& value) const {
    if (prefill_ == decode_) return mean(decode_, signals, value);
    return std::max(mean(prefill_, signals, value), mean(decode_, signals, value));
  }

 private:
  template <class Value>
  static double mean(const EndpointIds& endpoints, const Signals& signals, const Value& value) {
    double sum = 0;
    std::size_t there = 0;
    for (const EndpointId endpoint : endpoints) {
      if (!signals.present(endpoint)) continue;
      sum += value(endpoint);
      ++there;
    }
    return there == 0 ? 1 : sum / static_cast<double>(there);
  }

  EndpointIds prefill_, decode_;
};

struct UtilizationThresholds {
  double queue_depth = 5;
  double kv_usage = 0.8;
  explicit UtilizationThresholds(const Parameters& parameters);
  double ratio(const Signals& signals, EndpointId endpoint) const;
};

class UtilizationDetector final : public SaturationDetector, public Filter {
 public:
  UtilizationDetector(const PluginSettings& settings, const std::vector<Endpoint>& endpoints);
  RouterNeeds needs() const override { return {true, true, false}; }
  double saturation(const RouterView& view, const InFlight& in_flight) override;
  bool ages(const Signals& signals) const override { return signals.every() > staleness_; }
  void filter(const RoutingCall& call, EndpointIds& endpoints) override;

 private:
  UtilizationThresholds thresholds_;
  Nanoseconds staleness_;
  double headroom_;
  PoolMean mean_;
  // Kept as long as no gauge changes.
  std::uint64_t version_ = ~std::uint64_t{0};
  double saturation_ = 0;
};

class ConcurrencyDetector final : public SaturationDetector, public Filter {
 public:
  ConcurrencyDetector(const PluginSettings& settings, const std::vector<Endpoint>& endpoints);
  double saturation(const RouterView& view, const InFlight& in_flight) override;
  void filter(const RoutingCall& call, EndpointIds& endpoints) override;

 private:
  double ratio(const InFlight& in_flight, EndpointId endpoint) const;

  double max_requests_, max_tokens_, headroom_;
  bool counts_requests_, counts_tokens_;
  PoolMean mean_;
  // Kept as long as nothing is sent or answered, and no pod comes or goes.
  std::uint64_t version_ = ~std::uint64_t{0}, presence_version_ = 0;
  double saturation_ = 0;
};

}  // namespace kvsim::sim
