// SPDX-License-Identifier: Apache-2.0
// inflight-load-producer: what a request weighs on the endpoints that it is sent to, as InFlight counts it.
// Prompt tokens that the prefix producer expects to find there weigh nothing. With addEstimatedOutputTokens
// the decode endpoint carries min(outputRatio * prompt, max_tokens, maxEstimatedOutputTokens) more.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

// Prompt tokens of the request that `prefix` does not expect on the endpoint; nullptr: all.
inline std::uint64_t uncached_tokens(const PrefixProducer* prefix, const RouteRequest& request,
                                     EndpointId endpoint) {
  const std::uint64_t cached = prefix == nullptr ? 0 : prefix->matches().tokens(endpoint);
  return request.input_tokens - std::min<std::uint64_t>(cached, request.input_tokens);
}

class InFlightLoadProducer final : public virtual Plugin {
 public:
  InFlightLoadProducer(const PluginSettings& settings, PluginSet& set);

  const PrefixProducer* prefix() const { return prefix_; }
  std::uint64_t estimated_output_tokens(const RouteRequest& request) const;

 private:
  const PrefixProducer* prefix_;
  bool adds_outputs_;
  double ratio_, most_;
};

}  // namespace kvsim::sim
