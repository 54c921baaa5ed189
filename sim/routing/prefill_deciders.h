// SPDX-License-Identifier: Apache-2.0
// Whether a request is prefilled apart from where it decodes.
//   prefix-based-pd-decider   prompt >= promptTokens, and prompt - tokens cached where it decodes >=
//                             nonCachedTokens; a nonCachedTokens of 0 says never
//   always-disagg-pd-decider  always
#pragma once

#include "sim/routing/in_flight_load_producer.h"
#include "sim/routing/plugin_registry.h"

namespace kvsim::sim {

class PrefixDecider final : public PrefillDecider {
 public:
  PrefixDecider(const PluginSettings& settings, PluginSet& set)
      : uncached_(settings.parameters.number("nonCachedTokens")),
        prompt_(settings.parameters.number("promptTokens")),
        prefix_(set.find<PrefixProducer>(settings.parameters.text("prefixMatchInfoProducerName"))) {}
  bool disaggregates(const RoutingCall& call) override {
    if (uncached_ == 0 || !call.decode || call.request.input_tokens < prompt_) return false;
    return static_cast<double>(uncached_tokens(prefix_, call.request, *call.decode)) >= uncached_;
  }

 private:
  double uncached_, prompt_;
  const PrefixProducer* prefix_;
};

class AlwaysDecider final : public PrefillDecider {
 public:
  AlwaysDecider(const PluginSettings&, PluginSet&) {}
  bool disaggregates(const RoutingCall&) override { return true; }
};

}  // namespace kvsim::sim
