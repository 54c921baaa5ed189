// SPDX-License-Identifier: Apache-2.0
// Scorers that read one scraped gauge and nothing else. Their scores are kept until a gauge or the set of
// endpoints changes, so nothing is computed while no gauge moved.
//   queue-scorer                  (max - q) / (max - min) of waiting requests; all equal: 1
//   running-requests-size-scorer  the same of running requests
//   kv-cache-utilization-scorer   1 - usage
//   load-aware-scorer             0.5 without waiting requests, else 0.5 (1 - min(q, T) / T)
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/routing/min_tree.h"
#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

class GaugeScorer : public StandingScorer {
 public:
  RouterNeeds needs() const override { return {true, false, false}; }
  void score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) final;
  bool moved(const RoutingCall& call, EndpointIds& moved) final;
  double score_of(const RoutingCall& call, EndpointId endpoint) const final {
    return score_of(gauge(call.view.signals)[endpoint]);
  }

 private:
  virtual const std::vector<double>& gauge(const Signals& signals) const = 0;
  virtual double score_of(double value) const = 0;          // of one gauge, among all endpoints
  virtual void compute(std::vector<double>& values) const;  // gauges to scores, in place
  // What a score depends on beside its own gauge: after these have moved, or any. False: it did change.
  virtual bool keeps_scale(const std::vector<double>&, std::span<const EndpointId>) { return true; }
  virtual void find_scale(const std::vector<double>&) {}

  std::uint64_t version_ = 0;
  EndpointIds endpoints_;
  std::vector<double> scores_;
  std::optional<std::uint64_t> moved_version_;  // when moved() was last asked
};

class RangeScorer : public GaugeScorer {
 public:
  explicit RangeScorer(std::size_t endpoints) : least_(endpoints), least_negative_(endpoints) {}

 private:
  void compute(std::vector<double>& values) const final;
  double score_of(double value) const final;
  bool keeps_scale(const std::vector<double>& values, std::span<const EndpointId> moved) final;
  void find_scale(const std::vector<double>& values) final;
  bool renew_scale();

  MinTree least_, least_negative_;
  double low_ = 0, high_ = 0;
};

class QueueScorer final : public RangeScorer {
 public:
  QueueScorer(const PluginSettings&, PluginSet& set) : RangeScorer(set.endpoints().size()) {}

 private:
  const std::vector<double>& gauge(const Signals& signals) const override { return signals.waiting(); }
};

class RunningScorer final : public RangeScorer {
 public:
  RunningScorer(const PluginSettings&, PluginSet& set) : RangeScorer(set.endpoints().size()) {}

 private:
  const std::vector<double>& gauge(const Signals& signals) const override { return signals.running(); }
};

class KvCacheScorer final : public GaugeScorer {
 public:
  KvCacheScorer(const PluginSettings&, PluginSet&) {}
  RouterNeeds needs() const override { return {true, true, false}; }

 private:
  const std::vector<double>& gauge(const Signals& signals) const override { return signals.kv_usage(); }
  double score_of(double usage) const override { return 1 - usage; }
};

class LoadAwareScorer final : public GaugeScorer {
 public:
  LoadAwareScorer(const PluginSettings& settings, PluginSet&)
      : threshold_(settings.parameters.number("threshold")) {}

 private:
  const std::vector<double>& gauge(const Signals& signals) const override { return signals.waiting(); }
  double score_of(double waiting) const override {
    return 0.5 * (1 - std::min(waiting, threshold_) / threshold_);
  }
  double threshold_;
};

}  // namespace kvsim::sim
