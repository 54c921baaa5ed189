// SPDX-License-Identifier: Apache-2.0
// A few endpoints, one request and the plugins under test, put together by hand.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

inline PluginSettings plugin(const std::string& type, std::map<std::string, double> numbers = {},
                             std::map<std::string, std::string> texts = {},
                             std::map<std::string, std::vector<std::string>> lists = {}) {
  return {type, type, {std::move(numbers), std::move(texts), std::move(lists)}};
}
inline PluginSettings named(const std::string& name, PluginSettings settings) {
  settings.name = name;
  return settings;
}

// With the newest router's defaults; blocks of 64 tokens.
inline PluginSettings approximate_index(double capacity = 1000) {
  return plugin("approx-prefix-cache-producer", {{"autoTune", 0},
                                                 {"blockSizeTokens", 16},
                                                 {"minBlockSizeTokens", 64},
                                                 {"maxPrefixBlocksToMatch", 0},
                                                 {"maxPrefixTokensToMatch", 131072},
                                                 {"lruCapacityPerServer", capacity}});
}
inline PluginSettings precise_index(double speculates) {
  return plugin("precise-prefix-cache-producer",
                {{"tokenProcessorConfig.blockSize", 16},
                 {"indexerConfig.kvBlockIndexConfig.inMemoryConfig.podCacheSize", 10},
                 {"indexerConfig.kvCacheBackendConfigs.count", 0},
                 {"speculativeIndexing", speculates},
                 {"speculativeTTL", 2}});
}
inline PluginSettings load_producer(double adds_outputs = 0) {
  return plugin(
      "inflight-load-producer",
      {{"addEstimatedOutputTokens", adds_outputs}, {"outputRatio", 1.5}, {"maxEstimatedOutputTokens", 0}},
      {{"prefixMatchInfoProducerName", ""}});
}
inline PluginSettings prefix_scorer(double weight = 0, double scale = 8192) {
  return plugin("prefix-cache-scorer", {{"matchLengthWeight", weight}, {"matchLengthScaleTokens", scale}},
                {{"prefixMatchInfoProducerName", ""}});
}
inline PluginSettings no_hit_lru(double size = 1024) {
  return plugin("no-hit-lru-scorer", {{"lruSize", size}}, {{"prefixMatchInfoProducerName", ""}});
}
inline PluginSettings max_score() { return plugin("max-score-picker", {{"maxNumOfEndpoints", 1}}); }

class NoTruth final : public Truth {
 public:
  Gauges gauges(EndpointId) override { return {}; }
  std::uint64_t cached_tokens(EndpointId, const RouteRequest&) override { return 0; }
  double ttft_seconds(EndpointId, const RouteRequest&) override { return 0; }
};

class PluginBench {
 public:
  explicit PluginBench(std::size_t count, std::vector<PluginSettings> plugins = {})
      : endpoints(count),
        signals(std::vector<Nanoseconds>(count, 0), 50'000'000),
        in_flight(count),
        candidates(count) {
    settings.plugins = std::move(plugins);
    for (std::size_t i = 0; i < count; ++i) candidates[i] = static_cast<EndpointId>(i);
    prompt_of(1, 256);
  }

  PluginBench(const PluginBench&) = delete;
  PluginBench& operator=(const PluginBench&) = delete;

  // A prompt of `tokens` tokens of stream `stream`.
  void prompt_of(std::uint64_t stream, std::uint32_t tokens) {
    prompt = {{stream, 0, tokens}};
    request.input_tokens = tokens;
    request.prompt = &prompt;
    request.candidates = &candidates;
    request.tenant = &tenant;
    request.slo_class = &slo_class;
  }
  void waiting(EndpointId endpoint, double requests) {
    signals.scraped(endpoint, {requests, signals.running()[endpoint], signals.kv_usage()[endpoint]});
  }
  void kv_usage(EndpointId endpoint, double usage) {
    signals.scraped(endpoint, {signals.waiting()[endpoint], signals.running()[endpoint], usage});
  }
  void running(EndpointId endpoint, double requests) {
    signals.scraped(endpoint, {signals.waiting()[endpoint], requests, signals.kv_usage()[endpoint]});
  }
  void send(EndpointId endpoint, std::uint64_t uncached = 0) {
    Ticket ticket;
    ticket.decode = endpoint;
    ticket.uncached_tokens = uncached;
    in_flight.dispatched(ticket);
  }
  // The index believes that the endpoint has the first tokens of the prompt.
  void has_prefix(EndpointId endpoint, std::uint32_t tokens) {
    const std::vector<traces::Piece> part{{prompt.front().stream, 0, tokens}};
    RouteRequest earlier = request;
    earlier.prompt = &part;
    Ticket ticket;
    ticket.decode = endpoint;
    plugins().find<PrefixProducer>("")->dispatched(call_of(earlier), ticket);
  }

  PluginSet& plugins() {
    if (!set) set.emplace(settings, endpoints, 1);
    return *set;
  }
  RoutingCall call_of(const RouteRequest& of) {
    view.emplace(RouterView{now, signals, truth});
    return {of, *view, endpoints, in_flight, random, decode};
  }
  RoutingCall call() { return call_of(request); }
  void produce() {
    for (Plugin* plugin : plugins().in_order()) plugin->produce(call());
  }
  void dispatched(EndpointId endpoint, std::optional<EndpointId> prefill = {}) {
    Ticket ticket;
    ticket.decode = endpoint;
    ticket.prefill = prefill;
    for (Plugin* plugin : plugins().in_order()) plugin->dispatched(call(), ticket);
  }
  // Of the candidates, by the plugin of that type.
  std::vector<double> scores(const std::string& type) {
    produce();
    std::vector<double> scores(candidates.size());
    plugins().find<Scorer>(type)->score(call(), candidates, scores);
    return scores;
  }
  EndpointIds filtered(const std::string& type) {
    produce();
    EndpointIds left = candidates;
    plugins().find<Filter>(type)->filter(call(), left);
    return left;
  }

  std::vector<Endpoint> endpoints;
  EppSettings settings;
  Signals signals;
  InFlight in_flight;
  EndpointIds candidates;
  std::vector<traces::Piece> prompt;
  std::string tenant, slo_class;
  RouteRequest request;
  Nanoseconds now = 0;
  std::optional<EndpointId> decode;
  RandomStream random{1, "test"};
  NoTruth truth;

 private:
  std::optional<PluginSet> set;
  std::optional<RouterView> view;
};

}  // namespace kvsim::sim
