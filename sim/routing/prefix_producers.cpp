// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/prefix_producers.h"

#include <algorithm>
#include <limits>

namespace kvsim::sim {
namespace {

std::uint32_t approximate_block(const Parameters& parameters, const std::vector<Endpoint>& endpoints) {
  const double block =
      parameters.flag("autoTune") ? endpoints.front().block_tokens : parameters.number("blockSizeTokens");
  return static_cast<std::uint32_t>(std::max(block, parameters.number("minBlockSizeTokens")));
}

std::uint64_t most_blocks(const Parameters& parameters, std::uint32_t block_tokens) {
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  if (const double blocks = parameters.number("maxPrefixBlocksToMatch"); blocks > 0)
    most = static_cast<std::uint64_t>(blocks);
  if (const double tokens = parameters.number("maxPrefixTokensToMatch"); tokens > 0)
    most = std::min(most, static_cast<std::uint64_t>(tokens) / block_tokens);
  return most;
}

ApproximateIndexSettings approximate_settings(const Parameters& parameters,
                                              const std::vector<Endpoint>& endpoints) {
  ApproximateIndexSettings settings;
  settings.block_tokens = approximate_block(parameters, endpoints);
  settings.max_blocks = most_blocks(parameters, settings.block_tokens);
  const auto standard = static_cast<std::uint64_t>(parameters.number("lruCapacityPerServer"));
  for (const Endpoint& endpoint : endpoints) {
    const bool known = parameters.flag("autoTune") && endpoint.kv_blocks > 0;
    settings.capacity_blocks.push_back(known ? endpoint.kv_blocks : standard);
  }
  return settings;
}

void set_tier_weights(PreciseIndexSettings& settings, const Parameters& parameters) {
  const std::string list = "indexerConfig.kvCacheBackendConfigs.";
  const int count = static_cast<int>(parameters.number(list + "count"));
  for (int i = 0; i < count; ++i) {
    const std::string item = list + std::to_string(i) + ".";
    const double weight = parameters.number(item + "weight");
    if (parameters.text(item + "name") == "gpu") settings.gpu_weight = weight;
    if (parameters.text(item + "name") == "cpu") settings.host_weight = weight;
  }
}

// Of the first endpoint whose host tier the index can follow.
std::uint32_t host_block(const std::vector<Endpoint>& endpoints, std::uint32_t block_tokens) {
  for (const Endpoint& endpoint : endpoints)
    if (endpoint.host_block_tokens > 0 && endpoint.host_block_tokens % block_tokens == 0)
      return endpoint.host_block_tokens;
  return block_tokens;
}

PreciseIndexSettings precise_settings(const Parameters& parameters, const std::vector<Endpoint>& endpoints) {
  PreciseIndexSettings settings;
  settings.block_tokens = static_cast<std::uint32_t>(parameters.number("tokenProcessorConfig.blockSize"));
  settings.host_block_tokens = host_block(endpoints, settings.block_tokens);
  settings.endpoints = endpoints.size();
  settings.entries = static_cast<std::uint32_t>(
      parameters.number("indexerConfig.kvBlockIndexConfig.inMemoryConfig.podCacheSize"));
  set_tier_weights(settings, parameters);
  if (parameters.flag("speculativeIndexing"))
    settings.speculative_ttl = from_seconds(parameters.number("speculativeTTL"));
  return settings;
}

}  // namespace

ApproximatePrefixProducer::ApproximatePrefixProducer(const PluginSettings& settings, PluginSet& set)
    : index_(approximate_settings(settings.parameters, set.endpoints())) {}

void ApproximatePrefixProducer::produce(const RoutingCall& call) {
  if (!call.request.may_index) return matches_.clear(call.endpoints.size());
  index_.match(call.request.salt, *call.request.prompt, matches_);
}

void ApproximatePrefixProducer::dispatched(const RoutingCall& call, const Ticket& ticket) {
  if (!call.request.may_index) return;
  index_.insert(ticket.decode, call.request.salt, *call.request.prompt);
  if (ticket.prefill) index_.insert(*ticket.prefill, call.request.salt, *call.request.prompt);
}

PrecisePrefixProducer::PrecisePrefixProducer(const PluginSettings& settings, PluginSet& set)
    : settings_(precise_settings(settings.parameters, set.endpoints())), index_(settings_) {}

void PrecisePrefixProducer::produce(const RoutingCall& call) {
  if (!call.request.may_index) return matches_.clear(call.endpoints.size());
  index_.match(call.request.salt, *call.request.prompt, call.view.now, matches_);
}

void PrecisePrefixProducer::dispatched(const RoutingCall& call, const Ticket& ticket) {
  if (!call.request.may_index || settings_.speculative_ttl == 0) return;
  index_.speculate(ticket.decode, call.request.salt, *call.request.prompt, call.view.now);
  if (ticket.prefill)
    index_.speculate(*ticket.prefill, call.request.salt, *call.request.prompt, call.view.now);
}

void PrecisePrefixProducer::cache_event(EndpointId endpoint, const CacheEvent& event, Nanoseconds) {
  index_.apply(endpoint, event);
}

}  // namespace kvsim::sim
