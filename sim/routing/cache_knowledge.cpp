// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/cache_knowledge.h"

#include <algorithm>
#include <limits>

namespace kvsim::sim {

namespace {

PreciseIndexSettings precise_settings(const std::vector<Endpoint>& endpoints, std::uint32_t block_tokens) {
  PreciseIndexSettings settings;
  settings.block_tokens = block_tokens;
  settings.endpoints = endpoints.size();
  settings.entries = static_cast<std::uint32_t>(2 * endpoints.size());  // all of them, on both tiers
  return settings;
}

ApproximateIndexSettings approximate_settings(const std::vector<Endpoint>& endpoints,
                                              std::uint32_t block_tokens) {
  ApproximateIndexSettings settings;
  settings.block_tokens = block_tokens;
  settings.max_blocks = std::numeric_limits<std::uint32_t>::max();
  for (const Endpoint& endpoint : endpoints)
    settings.capacity_blocks.push_back(endpoint.kv_blocks * endpoint.block_tokens / block_tokens);
  return settings;
}

}  // namespace

CacheKnowledge::CacheKnowledge(const std::vector<Endpoint>& endpoints, const Parameters& parameters)
    : block_tokens_(static_cast<std::uint32_t>(parameters.number("block_tokens"))) {
  if (parameters.flag("approximate"))
    approximate_.emplace(approximate_settings(endpoints, block_tokens_));
  else
    precise_.emplace(precise_settings(endpoints, block_tokens_));
  matches_.block_tokens = block_tokens_;
  matches_.clear(endpoints.size());
}

void CacheKnowledge::match(const RouteRequest& request, Nanoseconds now) {
  if (!request.may_index) {
    matches_.clear(matches_.blocks.size());
  } else if (precise_) {
    precise_->match(request.salt, *request.prompt, now, matches_);
  } else {
    approximate_->match(request.salt, *request.prompt, matches_);
  }
}

void CacheKnowledge::sent(EndpointId endpoint, const RouteRequest& request) {
  if (approximate_ && request.may_index) approximate_->insert(endpoint, request.salt, *request.prompt);
}

void CacheKnowledge::cache_event(EndpointId endpoint, const CacheEvent& event) {
  if (precise_) precise_->apply(endpoint, event);
}

void CacheKnowledge::endpoint_gone(EndpointId endpoint) {
  if (precise_) precise_->forget(endpoint);
  if (approximate_) approximate_->forget(endpoint);
}

std::uint64_t CacheKnowledge::cached_tokens(EndpointId endpoint, const RouteRequest& request) const {
  return std::min<std::uint64_t>(std::uint64_t{matches_.blocks[endpoint]} * block_tokens_,
                                 request.input_tokens - 1);
}

}  // namespace kvsim::sim
