// SPDX-License-Identifier: Apache-2.0
// How near an endpoint is to the one that decodes: host 1, rack 0.2, zone 0.05, region 0.02, else 0.
//   topology-extractor        which labels say host, rack, zone and region
//   topology-affinity-scorer  the affinity; 0 while no decode endpoint is picked
//   topology-affinity-filter  keeps affinities of minAffinity or more; all where none has it [K], and while
//   no
//                             decode endpoint is picked
// Without those labels the host is the endpoint's server, and its site stands for the zone.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

class TopologyExtractor final : public virtual Plugin {
 public:
  TopologyExtractor(const PluginSettings& settings, PluginSet& set);
  double affinity(EndpointId a, EndpointId b) const;

 private:
  static constexpr std::size_t kLevels = 4;
  // By endpoint and level, nearest first; equal places have equal numbers, 0 is an unknown place.
  std::vector<std::array<std::uint32_t, kLevels>> places_;
};

class TopologyAffinityScorer final : public Scorer {
 public:
  TopologyAffinityScorer(const PluginSettings& settings, PluginSet& set);
  void score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) override;

 private:
  const TopologyExtractor* topology_;
};

class TopologyAffinityFilter final : public Filter {
 public:
  TopologyAffinityFilter(const PluginSettings& settings, PluginSet& set);
  void filter(const RoutingCall& call, EndpointIds& endpoints) override;

 private:
  const TopologyExtractor* topology_;
  double least_;
  EndpointIds kept_;
};

}  // namespace kvsim::sim
