// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/in_flight_load_producer.h"

namespace kvsim::sim {

InFlightLoadProducer::InFlightLoadProducer(const PluginSettings& settings, PluginSet& set)
    : prefix_(set.find<PrefixProducer>(settings.parameters.text("prefixMatchInfoProducerName"))),
      adds_outputs_(settings.parameters.flag("addEstimatedOutputTokens")),
      ratio_(settings.parameters.number("outputRatio")),
      most_(settings.parameters.number("maxEstimatedOutputTokens")) {}

std::uint64_t InFlightLoadProducer::estimated_output_tokens(const RouteRequest& request) const {
  if (!adds_outputs_) return 0;
  double tokens = ratio_ * request.input_tokens;
  if (request.max_output_tokens > 0) tokens = std::min(tokens, double{1} * request.max_output_tokens);
  if (most_ > 0) tokens = std::min(tokens, most_);
  return static_cast<std::uint64_t>(tokens);
}

}  // namespace kvsim::sim
