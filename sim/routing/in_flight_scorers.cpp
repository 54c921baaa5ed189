// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/in_flight_scorers.h"

#include <algorithm>

#include "sim/routing/score_arrays.h"

namespace kvsim::sim {
namespace {

// Counters stay far under 2^63, and a signed conversion is one instruction.
double number(std::uint64_t count) { return static_cast<double>(static_cast<std::int64_t>(count)); }

void gather_requests(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& out) {
  for (std::size_t i = 0; i < endpoints.size(); ++i) out[i] = number(call.in_flight.requests(endpoints[i]));
}

// Uncached prompt tokens of this request by candidate.
void gather_uncached(const PrefixProducer* prefix, const RoutingCall& call, const EndpointIds& endpoints,
                     std::vector<double>& out) {
  const double all = call.request.input_tokens;
  if (prefix == nullptr) return std::fill(out.begin(), out.end(), all);
  const PrefixMatches& matches = prefix->matches();
  const double block = matches.block_tokens;
  for (std::size_t i = 0; i < endpoints.size(); ++i)
    out[i] = all - std::min(all, block * matches.blocks[endpoints[i]]);
}

}  // namespace

void ActiveRequestScorer::score(const RoutingCall& call, const EndpointIds& endpoints,
                                std::vector<double>& scores) {
  gather_requests(call, endpoints, scores);
  if (scores.empty()) return;
  const double most = largest(scores);
  for (double& value : scores) value = value <= idle_ ? 1 : (most - value) / most * busy_;
}

TokenLoadScorer::TokenLoadScorer(const PluginSettings& settings, PluginSet& set)
    : threshold_(settings.parameters.number("queueThresholdTokens")),
      prefix_(set.find<PrefixProducer>(settings.parameters.text("prefixMatchInfoProducerName"))) {}

void TokenLoadScorer::score(const RoutingCall& call, const EndpointIds& endpoints,
                            std::vector<double>& scores) {
  gather_uncached(prefix_, call, endpoints, scores);
  for (std::size_t i = 0; i < endpoints.size(); ++i) scores[i] += number(call.in_flight.tokens(endpoints[i]));
  for (double& value : scores) value = 1 - std::min(value, threshold_) / threshold_;
}

LmetricScorer::LmetricScorer(const PluginSettings& settings, PluginSet& set)
    : prefix_(set.find<PrefixProducer>(settings.parameters.text("prefixMatchInfoProducerName"))) {}

void LmetricScorer::score(const RoutingCall& call, const EndpointIds& endpoints,
                          std::vector<double>& scores) {
  gather_uncached(prefix_, call, endpoints, scores);
  for (std::size_t i = 0; i < endpoints.size(); ++i)
    scores[i] *= number(call.in_flight.requests(endpoints[i]) + 1);
  score_low_of_range(scores);
}

}  // namespace kvsim::sim
