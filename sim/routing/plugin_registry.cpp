// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/plugin_registry.h"

#include <map>

#include "base/errors.h"
#include "sim/routing/admitters.h"
#include "sim/routing/burst_prefix_producer.h"
#include "sim/routing/context_length_scorer.h"
#include "sim/routing/endpoint_attribute_plugins.h"
#include "sim/routing/gauge_scorers.h"
#include "sim/routing/in_flight_load_producer.h"
#include "sim/routing/in_flight_scorers.h"
#include "sim/routing/label_plugins.h"
#include "sim/routing/latency_scorer.h"
#include "sim/routing/no_hit_lru_scorer.h"
#include "sim/routing/p2p_source_producer.h"
#include "sim/routing/pickers.h"
#include "sim/routing/predicted_latency.h"
#include "sim/routing/prefill_deciders.h"
#include "sim/routing/prefix_affinity_filter.h"
#include "sim/routing/prefix_producers.h"
#include "sim/routing/prefix_scorer.h"
#include "sim/routing/profile_handlers.h"
#include "sim/routing/saturation_detectors.h"
#include "sim/routing/session_affinity.h"
#include "sim/routing/topology_affinity.h"

namespace kvsim::sim {
namespace {

struct PluginType {
  std::unique_ptr<Plugin> (*make)(const PluginSettings&, PluginSet&);
  unsigned kinds;
};

template <class T>
PluginType type() {
  return {[](const PluginSettings& settings, PluginSet& set) -> std::unique_ptr<Plugin> {
            return std::make_unique<T>(settings, set);
          },
          PluginSet::kinds_of<T>()};
}

// Of plugins that want their settings and the endpoints only.
template <class T>
PluginType of_endpoints() {
  return {[](const PluginSettings& settings, PluginSet& set) -> std::unique_ptr<Plugin> {
            return std::make_unique<T>(settings, set.endpoints());
          },
          PluginSet::kinds_of<T>()};
}

const LatencyProducer& latency_of(const PluginSettings& settings, PluginSet& set) {
  const std::string& name = settings.parameters.text("predictedLatencyProducerName");
  if (const auto* producer = set.find<LatencyProducer>(name)) return *producer;
  throw InputError({{{},
                     "plugins." + settings.name,
                     "'" + name + "' predicts no latency",
                     "declare a predicted-latency-producer"}});
}
const PrefixProducer* prefix_of(const PluginSettings& settings, PluginSet& set) {
  return set.find<PrefixProducer>(settings.parameters.text("prefixMatchInfoProducerName"));
}

std::unique_ptr<Plugin> make_latency_producer(const PluginSettings& settings, PluginSet& set) {
  return std::make_unique<PredictedLatencyProducer>(settings, set.endpoints(), prefix_of(settings, set));
}
std::unique_ptr<Plugin> make_latency_scorer(const PluginSettings& settings, PluginSet& set) {
  return std::make_unique<LatencyScorer>(settings, latency_of(settings, set), prefix_of(settings, set));
}
std::unique_ptr<Plugin> make_latency_admitter(const PluginSettings& settings, PluginSet& set) {
  return std::make_unique<LatencySloAdmitter>(latency_of(settings, set));
}
std::unique_ptr<Plugin> make_slo_filter(const PluginSettings& settings, PluginSet& set) {
  return std::make_unique<SloHeadroomTierFilter>(settings, latency_of(settings, set));
}

const std::map<std::string, PluginType, std::less<>>& types() {
  static const std::map<std::string, PluginType, std::less<>> table = {
      {"active-request-scorer", type<ActiveRequestScorer>()},
      {"always-disagg-pd-decider", type<AlwaysDecider>()},
      {"approx-prefix-cache-producer", type<ApproximatePrefixProducer>()},
      {"burst-prefix-cache-producer", type<BurstPrefixProducer>()},
      {"by-label", type<ByLabelFilter>()},
      {"concurrency-detector", of_endpoints<ConcurrencyDetector>()},
      {"context-length-aware", type<ContextLengthScorer>()},
      {"data-parallel-profile-handler", type<SingleProfileHandler>()},
      {"decode-filter", type<DecodeFilter>()},
      {"disagg-profile-handler", type<DisaggregatedProfileHandler>()},
      {"encode-filter", type<EncodeFilter>()},
      {"endpoint-attribute-filter", type<EndpointAttributeFilter>()},
      {"endpoint-attribute-scorer", type<EndpointAttributeScorer>()},
      {"header-label-affinity-scorer", type<HeaderLabelScorer>()},
      {"header-profile-handler", type<HeaderProfileHandler>()},
      {"inflight-load-producer", type<InFlightLoadProducer>()},
      {"kv-cache-utilization-scorer", type<KvCacheScorer>()},
      {"label-selector-filter", type<LabelSelectorFilter>()},
      {"latency-scorer", {make_latency_scorer, 0}},
      {"latency-slo-admitter", {make_latency_admitter, 0}},
      {"lmetric-scorer", type<LmetricScorer>()},
      {"load-aware-scorer", type<LoadAwareScorer>()},
      {"max-score-picker", type<MaxScorePicker>()},
      {"no-hit-lru-scorer", type<NoHitLruScorer>()},
      {"p2p-source-producer", type<P2pSourceProducer>()},
      {"precise-prefix-cache-producer", type<PrecisePrefixProducer>()},
      {"predicted-latency-producer",
       {make_latency_producer, PluginSet::kinds_of<PredictedLatencyProducer>()}},
      {"prefill-filter", type<PrefillFilter>()},
      {"prefix-based-pd-decider", type<PrefixDecider>()},
      {"prefix-cache-affinity-filter", type<PrefixAffinityFilter>()},
      {"prefix-cache-scorer", type<PrefixScorer>()},
      {"probabilistic-admitter", of_endpoints<ProbabilisticAdmitter>()},
      {"queue-scorer", type<QueueScorer>()},
      {"random-picker", type<RandomPicker>()},
      {"running-requests-size-scorer", type<RunningScorer>()},
      {"session-affinity-filter", type<SessionAffinityFilter>()},
      {"session-affinity-scorer", type<SessionAffinityScorer>()},
      {"single-profile-handler", type<SingleProfileHandler>()},
      {"slo-headroom-tier-filter", {make_slo_filter, 0}},
      {"token-load-scorer", type<TokenLoadScorer>()},
      {"topology-affinity-filter", type<TopologyAffinityFilter>()},
      {"topology-affinity-scorer", type<TopologyAffinityScorer>()},
      {"topology-extractor", type<TopologyExtractor>()},
      {"utilization-detector", of_endpoints<UtilizationDetector>()},
      {"utilization-filter", type<UtilizationFilter>()},
      {"weighted-random-picker", type<WeightedRandomPicker>()},
  };
  return table;
}

}  // namespace

PluginSet::PluginSet(const EppSettings& settings, const std::vector<Endpoint>& endpoints, std::uint64_t seed)
    : settings_(settings),
      endpoints_(endpoints),
      seed_(seed),
      plugins_(settings.plugins.size()),
      states_(settings.plugins.size()) {
  for (std::size_t i = 0; i < plugins_.size(); ++i) make(i);
}

Plugin* PluginSet::make(std::size_t index) {
  const PluginSettings& plugin = settings_.plugins[index];
  if (states_[index] == State::kBeingMade)
    throw InputError({{{},
                       "plugins." + plugin.name,
                       "plugin '" + plugin.name + "' refers to itself through the plugins that it reads",
                       "break the circle of their references"}});
  if (states_[index] == State::kMade) return plugins_[index].get();
  states_[index] = State::kBeingMade;
  if (const auto found = types().find(plugin.type); found != types().end()) {
    plugins_[index] = found->second.make(plugin, *this);
    in_order_.push_back(plugins_[index].get());
  }
  states_[index] = State::kMade;
  return plugins_[index].get();
}

Plugin* PluginSet::named(const std::string& name) {
  for (std::size_t i = 0; i < plugins_.size(); ++i)
    if (settings_.plugins[i].name == name) return make(i);
  return nullptr;
}

Plugin* PluginSet::first_of(unsigned kinds) {
  for (std::size_t i = 0; i < plugins_.size(); ++i) {
    const auto found = types().find(settings_.plugins[i].type);
    if (found != types().end() && (found->second.kinds & kinds) != 0) return make(i);
  }
  return nullptr;
}

std::vector<std::string> plugin_types_with_effect() {
  std::vector<std::string> names;
  for (const auto& [name, made] : types()) names.push_back(name);
  return names;
}

}  // namespace kvsim::sim
