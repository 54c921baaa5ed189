// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/burst_prefix_producer.h"

#include <algorithm>

#include "sim/kv/prefix_cache_content.h"

namespace kvsim::sim {
namespace {

std::uint32_t blocks_of(std::uint64_t tokens, std::uint32_t block_tokens) {  // a part counts as one
  return static_cast<std::uint32_t>((tokens + block_tokens - 1) / block_tokens);
}

}  // namespace

BurstPrefixProducer::BurstPrefixProducer(const PluginSettings& settings, PluginSet&)
    : window_(from_seconds(settings.parameters.number("windowDurationMs") / 1000)),
      max_per_replica_(settings.parameters.number("maxPerReplica")),
      max_tokens_(settings.parameters.number("maxPrefixTokensToMatch")),
      max_batch_(settings.parameters.number("maxBatchSize")),
      least_blocks_(static_cast<std::uint32_t>(settings.parameters.number("minColocateBlocks"))),
      by_tokens_(settings.parameters.text("balanceBy") == "tokens") {
  matches_.block_tokens = static_cast<std::uint32_t>(settings.parameters.number("blockSizeTokens"));
}

void BurstPrefixProducer::turn_window(Nanoseconds now) {
  if (now < window_end_ && (max_batch_ == 0 || seen_ < max_batch_)) return;
  groups_.clear();
  window_end_ = now + window_;
  seen_ = 0;
}

std::uint64_t BurstPrefixProducer::looked_at(const RouteRequest& request) const {
  if (max_tokens_ == 0) return request.input_tokens;
  return std::min<std::uint64_t>(request.input_tokens, static_cast<std::uint64_t>(max_tokens_));
}

std::uint32_t BurstPrefixProducer::shared_blocks(const Group& group, const RouteRequest& request) const {
  if (group.salt != request.salt) return 0;
  const std::uint64_t tokens = looked_at(request), limit = std::min(tokens, group.tokens);
  const std::uint64_t common =
      common_tokens(ContentCursor(group.prompt), ContentCursor(*request.prompt), limit);
  const bool whole = common == tokens && common == group.tokens;
  return whole ? blocks_of(common, matches_.block_tokens)
               : static_cast<std::uint32_t>(common / matches_.block_tokens);
}

void BurstPrefixProducer::produce(const RoutingCall& call) {
  const RouteRequest& request = call.request;
  matches_.clear(call.endpoints.size());
  group_.reset();
  if (!request.may_index) return;
  turn_window(call.view.now);
  ++seen_;
  matches_.prompt_blocks = blocks_of(looked_at(request), matches_.block_tokens);
  std::uint32_t longest = 0;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const Group& group = groups_[i];
    const std::uint32_t shared = shared_blocks(group, request);
    const bool full = max_per_replica_ > 0 && group.requests >= max_per_replica_;
    if (full || shared == 0 || shared < least_blocks_ || shared < longest) continue;
    if (shared == longest && groups_[*group_].load <= group.load) continue;
    group_ = i;
    longest = shared;
  }
  if (!group_) return;
  matches_.add(groups_[*group_].endpoint, longest);
  matches_.weighted[groups_[*group_].endpoint] = longest;
}

void BurstPrefixProducer::dispatched(const RoutingCall& call, const Ticket& ticket) {
  const RouteRequest& request = call.request;
  if (!request.may_index) return;
  const EndpointId endpoint = ticket.prefill.value_or(ticket.decode);
  if (!group_ || groups_[*group_].endpoint != endpoint) {
    group_ = groups_.size();
    groups_.push_back({request.salt, *request.prompt, looked_at(request), endpoint, 0, 0});
  }
  ++groups_[*group_].requests;
  groups_[*group_].load += by_tokens_ ? request.input_tokens : 1;
}

void BurstPrefixProducer::endpoint_gone(EndpointId endpoint) {
  std::erase_if(groups_, [endpoint](const Group& group) { return group.endpoint == endpoint; });
}

}  // namespace kvsim::sim
