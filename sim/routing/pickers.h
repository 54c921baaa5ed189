// SPDX-License-Identifier: Apache-2.0
// Pickers. The real ones name maxNumOfEndpoints endpoints, of which a proxy tries the first: that one is
// picked.
//   max-score-picker        the highest total, ties at random
//   weighted-random-picker  P(i) = total_i / sum of totals; all at random where no total is above 0
//   random-picker           all alike
#pragma once

#include "sim/routing/plugin_registry.h"
#include "sim/routing/total_trees.h"

namespace kvsim::sim {

// Picks with the same draws whether totals are told at once or stand in a tree.
template <class Tree>
class TreePicker : public StandingPicker {
 public:
  TreePicker(const PluginSettings& settings, PluginSet& set)
      : stream_(set.stream(settings.name)), standing_(set.endpoints().size()) {}
  void set_all(const std::vector<double>& totals) final { standing_.set_all(totals); }
  void set(EndpointId endpoint, double total) final { standing_.set(endpoint, total); }
  EndpointId pick_standing() final { return static_cast<EndpointId>(standing_.draw(stream_)); }

 protected:
  RandomStream stream_;

 private:
  Tree standing_;
};

class MaxScorePicker final : public TreePicker<HighestTotals> {
 public:
  using TreePicker::TreePicker;
  std::size_t pick(const RoutingCall& call, const EndpointIds& endpoints,
                   const std::vector<double>& totals) override;
};

class WeightedRandomPicker final : public TreePicker<PositiveTotals> {
 public:
  using TreePicker::TreePicker;
  std::size_t pick(const RoutingCall& call, const EndpointIds& endpoints,
                   const std::vector<double>& totals) override;
};

class RandomPicker final : public Picker {
 public:
  RandomPicker(const PluginSettings& settings, PluginSet& set) : stream_(set.stream(settings.name)) {}
  std::size_t pick(const RoutingCall&, const EndpointIds& endpoints, const std::vector<double>&) override {
    return stream_.below(endpoints.size());
  }

 private:
  RandomStream stream_;
};

}  // namespace kvsim::sim
