// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/topology_affinity.h"

#include <algorithm>
#include <map>

namespace kvsim::sim {
namespace {

constexpr std::array<const char*, 4> kLevelKeys{"hostname", "rack", "zone", "region"};
constexpr std::array<double, 4> kAffinities{1, 0.2, 0.05, 0.02};

std::string place(const Endpoint& endpoint, const std::string& label, std::string_view level) {
  if (const auto found = endpoint.labels.find(label); found != endpoint.labels.end()) return found->second;
  if (level == "hostname") return endpoint.host;
  if (level == "zone") return endpoint.site;
  return "";
}

}  // namespace

TopologyExtractor::TopologyExtractor(const PluginSettings& settings, PluginSet& set)
    : places_(set.endpoints().size()) {
  for (std::size_t level = 0; level < kLevels; ++level) {
    std::map<std::string, std::uint32_t> numbers{{"", 0}};
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const std::string name =
          place(set.endpoints()[i], settings.parameters.text(kLevelKeys[level]), kLevelKeys[level]);
      places_[i][level] = numbers.emplace(name, static_cast<std::uint32_t>(numbers.size())).first->second;
    }
  }
}

double TopologyExtractor::affinity(EndpointId a, EndpointId b) const {
  for (std::size_t level = 0; level < kLevels; ++level)
    if (places_[a][level] != 0 && places_[a][level] == places_[b][level]) return kAffinities[level];
  return 0;
}

TopologyAffinityScorer::TopologyAffinityScorer(const PluginSettings& settings, PluginSet& set)
    : topology_(set.find<TopologyExtractor>(settings.parameters.text("topologyProducerName"))) {}

void TopologyAffinityScorer::score(const RoutingCall& call, const EndpointIds& endpoints,
                                   std::vector<double>& scores) {
  if (!call.decode || topology_ == nullptr) return std::fill(scores.begin(), scores.end(), 0.0);
  for (std::size_t i = 0; i < endpoints.size(); ++i)
    scores[i] = topology_->affinity(endpoints[i], *call.decode);
}

TopologyAffinityFilter::TopologyAffinityFilter(const PluginSettings& settings, PluginSet& set)
    : topology_(set.find<TopologyExtractor>(settings.parameters.text("topologyProducerName"))),
      least_(settings.parameters.number("minAffinity")) {}

void TopologyAffinityFilter::filter(const RoutingCall& call, EndpointIds& endpoints) {
  if (!call.decode || topology_ == nullptr) return;
  kept_.clear();
  for (const EndpointId endpoint : endpoints)
    if (topology_->affinity(endpoint, *call.decode) >= least_) kept_.push_back(endpoint);
  if (!kept_.empty()) std::swap(endpoints, kept_);
}

}  // namespace kvsim::sim
