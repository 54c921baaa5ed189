// SPDX-License-Identifier: Apache-2.0
// context-length-aware: endpoints say by a label "min-max" for which prompt lengths n they are meant.
//   in range   0.3 + 0.7 (0.7 / (1 + width / 10000) + 0.3 (max - n) / width); width = max - min
//   outside    0.3 / (1 + distance to the range / 1000)
//   no label   0.5
// A label that is no range is none. With enableFiltering endpoints outside of their range are dropped.
#pragma once

#include <optional>
#include <vector>

#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

class ContextLengthScorer final : public Scorer, public Filter {
 public:
  ContextLengthScorer(const PluginSettings& settings, PluginSet& set);
  void score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) override;
  void filter(const RoutingCall& call, EndpointIds& endpoints) override;

 private:
  struct Range {
    double low, high;
  };
  static std::optional<Range> range_of(const std::string& label);
  static double score_of(const std::optional<Range>& range, double tokens);

  bool filters_;
  std::vector<std::optional<Range>> ranges_;  // by endpoint
};

}  // namespace kvsim::sim
