// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/latency_scorer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kvsim::sim {
namespace {

// n of the header, and whether it tells anything apart.
struct Normalised {
  std::vector<double> values;
  bool flat = true;
};

Normalised normalise(const std::vector<double>& headrooms, const EndpointIds& endpoints,
                     const std::vector<std::size_t>& places) {
  Normalised result;
  for (const std::size_t place : places) result.values.push_back(std::abs(headrooms[endpoints[place]]));
  const auto [least, most] = std::minmax_element(result.values.begin(), result.values.end());
  const double low = *least, width = *most - *least;
  result.flat = width == 0;
  for (double& value : result.values) value = result.flat ? 0.5 : (value - low) / width;
  return result;
}

bool none_known(const LatencyPredictions& predictions, const EndpointIds& endpoints) {
  return std::none_of(endpoints.begin(), endpoints.end(),
                      [&](EndpointId endpoint) { return predictions.known(endpoint); });
}

}  // namespace

LatencyScorer::LatencyScorer(const PluginSettings& settings, const LatencyProducer& producer,
                             const PrefixProducer* prefix)
    : ttft_weight_(settings.parameters.number("ttftWeight")),
      tpot_weight_(settings.parameters.number("tpotWeight")),
      most_(settings.parameters.text("headroomSelectionStrategy") == "most"),
      kv_weight_(settings.parameters.number("compositeKVWeight")),
      queue_weight_(settings.parameters.number("compositeQueueWeight")),
      prefix_weight_(settings.parameters.number("compositePrefixWeight")),
      producer_(producer),
      prefix_(prefix) {}

void LatencyScorer::score(const RoutingCall& call, const EndpointIds& endpoints,
                          std::vector<double>& scores) {
  const LatencyPredictions& predictions = producer_.predictions();
  if (none_known(predictions, endpoints)) return score_composite(call, endpoints, scores);
  std::fill(scores.begin(), scores.end(), 0);
  const std::vector<std::size_t> places = bucket(call, endpoints);
  const std::vector<double> distances = combined(endpoints, places);
  const bool most = most_ && predictions.keeps_limits(endpoints[places.front()]);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double worth = most ? distances[i] : 1 - distances[i];
    scores[places[i]] = (std::floor(100 * worth) + 1) / 100;
  }
}

std::vector<std::size_t> LatencyScorer::bucket(const RoutingCall& call, const EndpointIds& endpoints) const {
  enum Bucket { kKept, kIdle, kTpotOnly, kTtftOnly, kBoth, kBuckets };
  const LatencyPredictions& predictions = producer_.predictions();
  std::vector<std::size_t> buckets[kBuckets];
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const EndpointId endpoint = endpoints[i];
    if (!predictions.known(endpoint)) continue;
    const bool ttft = predictions.ttft_headroom_seconds[endpoint] >= 0;
    const bool tpot = predictions.tpot_headroom_seconds[endpoint] >= 0;
    const bool idle = call.in_flight.requests(endpoint) == 0;
    buckets[ttft && tpot ? kKept : idle ? kIdle : ttft ? kTpotOnly : tpot ? kTtftOnly : kBoth].push_back(i);
  }
  return *std::find_if(std::begin(buckets), std::end(buckets), [](const auto& one) { return !one.empty(); });
}

std::vector<double> LatencyScorer::combined(const EndpointIds& endpoints,
                                            const std::vector<std::size_t>& places) const {
  const LatencyPredictions& predictions = producer_.predictions();
  const Normalised ttft = normalise(predictions.ttft_headroom_seconds, endpoints, places);
  const Normalised tpot = normalise(predictions.tpot_headroom_seconds, endpoints, places);
  const double weights = ttft_weight_ + tpot_weight_;
  double share = weights > 0 ? ttft_weight_ / weights : 0.5;  // of TTFT
  if (ttft.flat != tpot.flat) share = ttft.flat ? 0 : 1;
  std::vector<double> result;
  for (std::size_t i = 0; i < places.size(); ++i)
    result.push_back(share * ttft.values[i] + (1 - share) * tpot.values[i]);
  return result;
}

void LatencyScorer::score_composite(const RoutingCall& call, const EndpointIds& endpoints,
                                    std::vector<double>& scores) const {
  const Signals& signals = call.view.signals;
  double longest = 0;
  for (const EndpointId endpoint : endpoints) longest = std::max(longest, signals.waiting()[endpoint]);
  const double weights = kv_weight_ + queue_weight_ + prefix_weight_;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const EndpointId endpoint = endpoints[i];
    const double queue = longest > 0 ? (longest - signals.waiting()[endpoint]) / longest : 1;
    const double prefix = prefix_ == nullptr ? 0 : prefix_->matches().ratio(endpoint);
    const double sum =
        kv_weight_ * (1 - signals.kv_usage()[endpoint]) + queue_weight_ * queue + prefix_weight_ * prefix;
    scores[i] = weights > 0 ? sum / weights : 0;
  }
}

void SloHeadroomTierFilter::filter(const RoutingCall& call, EndpointIds& endpoints) {
  const LatencyPredictions& predictions = producer_.predictions();
  if (none_known(predictions, endpoints)) return;
  EndpointIds keep, miss;
  for (const EndpointId endpoint : endpoints)
    (predictions.keeps_limits(endpoint) ? keep : miss).push_back(endpoint);
  if (keep.empty() || miss.empty()) return;
  endpoints = call.random.uniform() < epsilon_ ? std::move(miss) : std::move(keep);
}

}  // namespace kvsim::sim
