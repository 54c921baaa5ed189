// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/no_hit_lru_scorer.h"

#include <algorithm>

namespace kvsim::sim {

NoHitLruScorer::NoHitLruScorer(const PluginSettings& settings, PluginSet& set)
    : prefix_(set.find<PrefixProducer>(settings.parameters.text("prefixMatchInfoProducerName"))),
      size_(static_cast<std::size_t>(settings.parameters.number("lruSize"))),
      positions_(set.endpoints().size(), kNever) {}

bool NoHitLruScorer::any_match(const EndpointIds& endpoints) const {
  if (prefix_ == nullptr) return false;
  if (endpoints.size() == positions_.size()) return !prefix_->matches().holders.empty();
  const std::vector<std::uint32_t>& blocks = prefix_->matches().blocks;
  std::uint32_t any = 0;
  for (const EndpointId endpoint : endpoints) any |= blocks[endpoint];
  return any != 0;
}

bool NoHitLruScorer::stands(const RoutingCall& call) {
  cold_ = !any_match(*call.request.candidates);
  return !cold_;
}

void NoHitLruScorer::score(const RoutingCall&, const EndpointIds& endpoints, std::vector<double>& scores) {
  cold_ = !any_match(endpoints);
  if (!cold_) return std::fill(scores.begin(), scores.end(), kWarm);
  const double last = std::max<double>(1, static_cast<double>(endpoints.size()) - 1);
  const auto never = std::count_if(endpoints.begin(), endpoints.end(),
                                   [&](EndpointId e) { return positions_[e] == kNever; });
  std::int64_t next = 0;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const std::uint32_t position = positions_[endpoints[i]];
    const std::int64_t rank = position == kNever ? next++ : never + position;
    scores[i] = std::max(0.0, 1 - static_cast<double>(rank) / last);
  }
  if (endpoints.size() == 1) scores[0] = 1;
}

void NoHitLruScorer::dispatched(const RoutingCall&, const Ticket& ticket) {
  if (!cold_) return;
  touch(ticket.decode);
  if (ticket.prefill) touch(*ticket.prefill);
}

void NoHitLruScorer::touch(EndpointId endpoint) {
  if (positions_[endpoint] != kNever) drop(positions_[endpoint]);
  positions_[endpoint] = static_cast<std::uint32_t>(order_.size());
  order_.push_back(endpoint);
  if (order_.size() > size_) drop(0);
}

void NoHitLruScorer::drop(std::uint32_t position) {
  positions_[order_[position]] = kNever;
  order_.erase(order_.begin() + position);
  for (std::size_t i = position; i < order_.size(); ++i) --positions_[order_[i]];
}

}  // namespace kvsim::sim
