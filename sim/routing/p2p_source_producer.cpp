// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/p2p_source_producer.h"

#include <algorithm>

#include "sim/routing/draws.h"

namespace kvsim::sim {

P2pSourceProducer::P2pSourceProducer(const PluginSettings& settings, PluginSet& set)
    : least_tokens_(settings.parameters.number("minCachedTokenDelta")),
      prefix_(set.find<PrefixProducer>(settings.parameters.text("prefixMatchInfoProducerName"))),
      stream_(set.stream(settings.name)) {}

void P2pSourceProducer::dispatched(const RoutingCall& call, const Ticket& ticket) {
  if (prefix_ == nullptr) return;
  const PrefixMatches& matches = prefix_->matches();
  const EndpointId target = ticket.prefill.value_or(ticket.decode);
  std::uint32_t longest = 0;
  for (const EndpointId endpoint : *call.request.candidates)
    longest = std::max(longest, matches.blocks[endpoint]);
  EndpointIds sources;
  for (const EndpointId endpoint : *call.request.candidates)
    if (endpoint != target && matches.blocks[endpoint] > 0 && matches.blocks[endpoint] + 1 >= longest)
      sources.push_back(endpoint);
  if (sources.empty()) return;
  const EndpointId drawn = draw(call, sources);
  const double lead =
      static_cast<double>(matches.tokens(drawn)) - static_cast<double>(matches.tokens(target));
  if (lead >= least_tokens_) source_ = drawn;
}

EndpointId P2pSourceProducer::draw(const RoutingCall& call, const EndpointIds& sources) {
  const std::vector<double>& waiting = call.view.signals.waiting();
  return sources[weighted_draw(stream_, sources.size(),
                               [&](std::size_t i) { return 1 / (1 + waiting[sources[i]]); })];
}

}  // namespace kvsim::sim
