// SPDX-License-Identifier: Apache-2.0
// Plugins over any one metric of endpoints (sim/routing/endpoint_metrics.h).
//   endpoint-attribute-scorer  linear between the ends of a range, which is fixedRange or that of the
//                              candidates (all equal: 1); the algorithm says which end is better
//   endpoint-attribute-filter  keeps endpoints whose metric fulfils the operator with the threshold
//   utilization-filter         drops endpoints where a metric exceeds the threshold of its condition
// Where a filter leaves none, fallbackOnEmpty keeps all.
#pragma once

#include <functional>
#include <vector>

#include "sim/routing/endpoint_metrics.h"
#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

class EndpointAttributeScorer final : public Scorer {
 public:
  EndpointAttributeScorer(const PluginSettings& settings, PluginSet& set);
  RouterNeeds needs() const override { return metric_.needs(); }
  void score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) override;

 private:
  EndpointMetric metric_;
  bool low_is_better_, fixed_;
  double low_, high_;
};

// Keeps endpoints that fulfil all of its conditions.
class ConditionFilter : public Filter {
 public:
  RouterNeeds needs() const override;
  void filter(const RoutingCall& call, EndpointIds& endpoints) final;

 protected:
  struct Condition {
    EndpointMetric metric;
    std::function<bool(double value, double threshold)> keeps;
    double threshold;
  };
  explicit ConditionFilter(bool falls_back) : falls_back_(falls_back) {}

  std::vector<Condition> conditions_;

 private:
  bool falls_back_;
  EndpointIds kept_;
};

class EndpointAttributeFilter final : public ConditionFilter {
 public:
  EndpointAttributeFilter(const PluginSettings& settings, PluginSet& set);
};

class UtilizationFilter final : public ConditionFilter {
 public:
  UtilizationFilter(const PluginSettings& settings, PluginSet& set);
};

}  // namespace kvsim::sim
