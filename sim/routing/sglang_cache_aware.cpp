// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/sglang_cache_aware.h"

#include <algorithm>

namespace kvsim::sim {

SglangCacheAwareRouter::SglangCacheAwareRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed,
                                               const Parameters& parameters)
    : RivalRouter(endpoints, seed, "router/sglang"),
      cache_threshold_(parameters.number("cache_threshold")),
      balance_abs_threshold_(parameters.number("balance_abs_threshold")),
      balance_rel_threshold_(parameters.number("balance_rel_threshold")),
      max_tree_tokens_(static_cast<std::uint64_t>(parameters.number("max_tree_size") /
                                                  parameters.number("chars_per_token"))),
      eviction_interval_(from_seconds(parameters.number("eviction_interval"))),
      next_eviction_(eviction_interval_),
      tree_(endpoints.size()) {}

void SglangCacheAwareRouter::choose(const Call& call, Decision& decision) {
  evict_by(call.view.now);
  const RouteRequest& request = call.request;
  const TextTree::Match match = tree_.match(request.salt, *request.prompt, call.prefillers());
  const EndpointId chosen = pick(call, match);
  if (request.may_index) tree_.insert(chosen, request.salt, *request.prompt);
  const std::uint64_t hit = match.endpoint == chosen ? match.tokens : 0;
  decision.predicted_hit_tokens = static_cast<std::uint32_t>(hit);
  decision.ticket.decode = call.split() ? less_loaded_of_two(call) : chosen;
  charge_prefill(call, chosen, request.input_tokens - hit, decision.ticket);
}

EndpointId SglangCacheAwareRouter::pick(const Call& call, const TextTree::Match& match) {
  const EndpointIds& candidates = call.prefillers();
  std::vector<double> loads, trees;
  for (const EndpointId endpoint : candidates)
    loads.push_back(static_cast<double>(in_flight().requests(endpoint)));
  const auto [least, most] = std::minmax_element(loads.begin(), loads.end());
  const bool unbalanced = *most - *least > balance_abs_threshold_ && *most > balance_rel_threshold_ * *least;
  const double rate = static_cast<double>(match.tokens) / static_cast<double>(call.request.input_tokens);
  EndpointId chosen = 0;
  if (unbalanced)
    chosen = candidates[static_cast<std::size_t>(least - loads.begin())];
  else if (match.endpoint && rate > cache_threshold_)
    chosen = *match.endpoint;
  else
    chosen = smallest_tree(candidates);
  if (call.explanation == nullptr) return chosen;
  for (const EndpointId endpoint : candidates) trees.push_back(static_cast<double>(tree_.tokens(endpoint)));
  std::vector<double> totals(candidates.size());
  totals[static_cast<std::size_t>(std::lower_bound(candidates.begin(), candidates.end(), chosen) -
                                  candidates.begin())] = -1;
  explain(call, call.split() ? "prefill" : "", candidates,
          {{"in-flight", -1, loads}, {"tree-tokens", -1, trees}}, totals, chosen);
  return chosen;
}

EndpointId SglangCacheAwareRouter::smallest_tree(const EndpointIds& candidates) const {
  return *std::min_element(candidates.begin(), candidates.end(),
                           [this](EndpointId a, EndpointId b) { return tree_.tokens(a) < tree_.tokens(b); });
}

EndpointId SglangCacheAwareRouter::less_loaded_of_two(const Call& call) {
  const EndpointIds& decode = call.decode;
  const std::uint64_t first = random_.below(decode.size());
  const std::uint64_t other = decode.size() == 1 ? 0 : random_.below(decode.size() - 1);
  const EndpointId a = decode[first], b = decode[other < first || decode.size() == 1 ? other : other + 1];
  return in_flight().requests(b) < in_flight().requests(a) ? b : a;
}

void SglangCacheAwareRouter::evict_by(Nanoseconds now) {
  if (now < next_eviction_) return;
  tree_.evict(max_tree_tokens_);
  next_eviction_ = (now / eviction_interval_ + 1) * eviction_interval_;
}

}  // namespace kvsim::sim
