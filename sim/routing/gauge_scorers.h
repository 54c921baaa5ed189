// SPDX-License-Identifier: Apache-2.0
// Scorers that read scraped gauges and nothing else. Their scores are kept until a gauge or the set of
// endpoints changes, so nothing is computed while no gauge moved.
//   queue-scorer                  (max - q) / (max - min) of waiting requests; all equal: 1
//   running-requests-size-scorer  the same of running requests
//   kv-cache-utilization-scorer   1 - usage
//   load-aware-scorer             0.5 without waiting requests, else 0.5 (1 - min(q, T) / T)
#pragma once

#include <cstdint>
#include <vector>

#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

class GaugeScorer : public Scorer {
 public:
  RouterNeeds needs() const override { return {true, false, false}; }
  void score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) final;

 private:
  virtual void compute(const Signals& signals, const EndpointIds& endpoints, std::vector<double>& scores) = 0;

  std::uint64_t version_ = 0;
  EndpointIds endpoints_;
  std::vector<double> scores_;
};

class QueueScorer final : public GaugeScorer {
 public:
  QueueScorer(const PluginSettings&, PluginSet&) {}

 private:
  void compute(const Signals& signals, const EndpointIds& endpoints, std::vector<double>& scores) override;
};

class RunningScorer final : public GaugeScorer {
 public:
  RunningScorer(const PluginSettings&, PluginSet&) {}

 private:
  void compute(const Signals& signals, const EndpointIds& endpoints, std::vector<double>& scores) override;
};

class KvCacheScorer final : public GaugeScorer {
 public:
  KvCacheScorer(const PluginSettings&, PluginSet&) {}
  RouterNeeds needs() const override { return {true, true, false}; }

 private:
  void compute(const Signals& signals, const EndpointIds& endpoints, std::vector<double>& scores) override;
};

class LoadAwareScorer final : public GaugeScorer {
 public:
  LoadAwareScorer(const PluginSettings& settings, PluginSet&)
      : threshold_(settings.parameters.number("threshold")) {}

 private:
  void compute(const Signals& signals, const EndpointIds& endpoints, std::vector<double>& scores) override;
  double threshold_;
};

}  // namespace kvsim::sim
