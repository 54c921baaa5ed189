// SPDX-License-Identifier: Apache-2.0
// Pickers. The real ones name maxNumOfEndpoints endpoints, of which a proxy tries the first: that one is
// picked.
//   max-score-picker        the highest total, ties at random
//   weighted-random-picker  P(i) = total_i / sum of totals; all at random where no total is above 0
//   random-picker           all alike
#pragma once

#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

class MaxScorePicker final : public Picker {
 public:
  MaxScorePicker(const PluginSettings& settings, PluginSet& set) : stream_(set.stream(settings.name)) {}
  std::size_t pick(const RoutingCall& call, const EndpointIds& endpoints,
                   const std::vector<double>& totals) override;

 private:
  RandomStream stream_;
};

class WeightedRandomPicker final : public Picker {
 public:
  WeightedRandomPicker(const PluginSettings& settings, PluginSet& set) : stream_(set.stream(settings.name)) {}
  std::size_t pick(const RoutingCall& call, const EndpointIds& endpoints,
                   const std::vector<double>& totals) override;

 private:
  RandomStream stream_;
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
