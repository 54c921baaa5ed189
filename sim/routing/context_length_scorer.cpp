// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/context_length_scorer.h"

#include "base/text.h"

namespace kvsim::sim {

ContextLengthScorer::ContextLengthScorer(const PluginSettings& settings, PluginSet& set)
    : filters_(settings.parameters.flag("enableFiltering")) {
  for (const Endpoint& endpoint : set.endpoints()) {
    const auto found = endpoint.labels.find(settings.parameters.text("label"));
    ranges_.push_back(found == endpoint.labels.end() ? std::nullopt : range_of(found->second));
  }
}

std::optional<ContextLengthScorer::Range> ContextLengthScorer::range_of(const std::string& label) {
  const std::vector<std::string_view> ends = split(label, '-');
  if (ends.size() != 2) return {};
  const auto low = parse_double(trim(ends[0])), high = parse_double(trim(ends[1]));
  if (!low || !high || *high < *low) return {};
  return Range{*low, *high};
}

double ContextLengthScorer::score_of(const std::optional<Range>& range, double tokens) {
  if (!range) return 0.5;
  if (tokens < range->low) return 0.3 / (1 + (range->low - tokens) / 1000);
  if (tokens > range->high) return 0.3 / (1 + (tokens - range->high) / 1000);
  const double width = range->high - range->low;
  const double room = width == 0 ? 0 : (range->high - tokens) / width;
  return 0.3 + 0.7 * (0.7 / (1 + width / 10000) + 0.3 * room);
}

void ContextLengthScorer::score(const RoutingCall& call, const EndpointIds& endpoints,
                                std::vector<double>& scores) {
  for (std::size_t i = 0; i < endpoints.size(); ++i)
    scores[i] = score_of(ranges_[endpoints[i]], call.request.input_tokens);
}

void ContextLengthScorer::filter(const RoutingCall& call, EndpointIds& endpoints) {
  if (!filters_) return;
  const double tokens = call.request.input_tokens;
  std::erase_if(endpoints, [&](EndpointId endpoint) {
    const std::optional<Range>& range = ranges_[endpoint];
    return range && (tokens < range->low || tokens > range->high);
  });
}

}  // namespace kvsim::sim
