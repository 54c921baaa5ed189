// SPDX-License-Identifier: Apache-2.0
// What a router believes to be in its endpoints' caches: told by the engines' events, or (approximate) what
// it has sent there itself. One of the two indexes of sim/routing/prefix_index.h.
#pragma once

#include <optional>
#include <string_view>

#include "sim/routing/prefix_index.h"
#include "sim/routing/rival_router.h"

namespace kvsim::sim {

class CacheKnowledge {
 public:
  // Parameters: block_tokens, approximate.
  CacheKnowledge(const std::vector<Endpoint>& endpoints, const Parameters& parameters);

  // Of a request that must not be indexed nothing is known.
  void match(const RouteRequest& request, Nanoseconds now);
  void sent(EndpointId endpoint, const RouteRequest& request);
  void cache_event(EndpointId endpoint, const CacheEvent& event);
  void endpoint_gone(EndpointId endpoint);
  bool reads_events() const { return precise_.has_value(); }

  std::uint32_t block_tokens() const { return block_tokens_; }
  // By the last match: full blocks, or the prompt's tokens but the last, which an engine always computes.
  std::uint64_t matched_tokens(EndpointId endpoint) const { return matches_.tokens(endpoint); }
  std::uint64_t cached_tokens(EndpointId endpoint, const RouteRequest& request) const;

 private:
  std::uint32_t block_tokens_;
  std::optional<PreciseIndex> precise_;
  std::optional<ApproximateIndex> approximate_;
  PrefixMatches matches_;
};

class IndexedRouter : public RivalRouter {
 public:
  IndexedRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed, std::string_view stream,
                const Parameters& parameters)
      : RivalRouter(endpoints, seed, stream), knowledge_(endpoints, parameters) {}
  RouterNeeds needs() const override { return {false, false, knowledge_.reads_events()}; }
  void cache_event(EndpointId endpoint, const CacheEvent& event, Nanoseconds) override {
    knowledge_.cache_event(endpoint, event);
  }
  void endpoint_gone(EndpointId endpoint) override { knowledge_.endpoint_gone(endpoint); }

 protected:
  CacheKnowledge knowledge_;
};

}  // namespace kvsim::sim
