// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/predicted_latency.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kvsim::sim {

void RunningLimits::add(std::uint64_t request, EndpointId endpoint, double limit_seconds) {
  if (limit_seconds <= 0) return;
  limits_[endpoint].insert(limit_seconds);
  of_request_[request] = limit_seconds;
}

void RunningLimits::remove(std::uint64_t request, EndpointId endpoint) {
  const auto found = of_request_.find(request);
  if (found == of_request_.end()) return;
  limits_[endpoint].erase(limits_[endpoint].find(found->second));
  of_request_.erase(found);
}

double RunningLimits::strictest(EndpointId endpoint, double limit_seconds) const {
  return limits_[endpoint].empty() ? limit_seconds : std::min(limit_seconds, *limits_[endpoint].begin());
}

PredictedLatencyProducer::PredictedLatencyProducer(const PluginSettings& settings,
                                                   const std::vector<Endpoint>& endpoints,
                                                   const PrefixProducer* prefix)
    : buffer_(settings.parameters.number("sloBufferFactor")),
      error_(settings.parameters.number("predictionError")),
      streaming_(settings.parameters.flag("streamingMode")),
      predicts_(settings.parameters.flag("predictInProduce")),
      prefix_(prefix),
      running_limits_(endpoints.size()) {
  for (const Endpoint& endpoint : endpoints) {
    const std::uint64_t chunk = endpoint.max_batched_tokens;
    token_seconds_.push_back(prefill_seconds(endpoint, 0, chunk) / static_cast<double>(chunk));
    lone_decode_seconds_.push_back(decode_step_seconds(endpoint, 1, 1));
  }
  const double none = std::numeric_limits<double>::quiet_NaN();
  for (std::vector<double>* values :
       {&predictions_.ttft_seconds, &predictions_.tpot_seconds, &predictions_.ttft_headroom_seconds,
        &predictions_.tpot_headroom_seconds})
    values->assign(endpoints.size(), none);
}

void PredictedLatencyProducer::produce(const RoutingCall& call) {
  if (!predicts_) return;
  for (const EndpointId endpoint : *call.request.candidates) predict(call, endpoint);
}

void PredictedLatencyProducer::predict(const RoutingCall& call, EndpointId endpoint) {
  const double ttft = wrong(ttft_seconds(call, endpoint), call.random);
  const double tpot = wrong(tpot_seconds(call, endpoint), call.random);
  predictions_.ttft_seconds[endpoint] = ttft;
  predictions_.tpot_seconds[endpoint] = tpot;
  predictions_.ttft_headroom_seconds[endpoint] = call.request.ttft_limit_seconds - ttft;
  const bool neutral = !streaming_ || call.endpoints[endpoint].role == PoolRole::kPrefill;
  const double limit = running_limits_.strictest(endpoint, call.request.tpot_limit_seconds * buffer_);
  predictions_.tpot_headroom_seconds[endpoint] = neutral ? 0 : limit - tpot;
}

double PredictedLatencyProducer::ttft_seconds(const RoutingCall& call, EndpointId id) const {
  const Endpoint& endpoint = call.endpoints[id];
  const std::uint64_t input = call.request.input_tokens;
  const std::uint64_t cached =
      prefix_ == nullptr ? 0 : std::min<std::uint64_t>(prefix_->matches().tokens(id), input - 1);
  const double ahead = static_cast<double>(call.in_flight.prompt_tokens(id));
  const double own = static_cast<double>(input - cached);
  const double steps = std::ceil((ahead + own) / static_cast<double>(endpoint.max_batched_tokens));
  const double running = call.view.signals.running()[id];
  const double beside = running < 1 ? 0
                                    : decode_step_seconds(endpoint, running, context_tokens(call, id)) -
                                          lone_decode_seconds_[id];
  return ahead * token_seconds_[id] + prefill_seconds(endpoint, cached, input - cached) +
         steps * std::max(0.0, beside);
}

double PredictedLatencyProducer::tpot_seconds(const RoutingCall& call, EndpointId id) const {
  return decode_step_seconds(call.endpoints[id], call.view.signals.running()[id] + 1,
                             context_tokens(call, id) + call.request.input_tokens);
}

double PredictedLatencyProducer::context_tokens(const RoutingCall& call, EndpointId id) const {
  const Endpoint& endpoint = call.endpoints[id];
  return call.view.signals.kv_usage()[id] * static_cast<double>(endpoint.kv_blocks) * endpoint.block_tokens;
}

double PredictedLatencyProducer::wrong(double seconds, RandomStream& random) const {
  return error_ == 0 ? seconds : seconds * std::max(0.0, 1 + error_ * random.normal(0, 1));
}

void PredictedLatencyProducer::dispatched(const RoutingCall& call, const Ticket& ticket) {
  running_limits_.add(ticket.request, ticket.decode, call.request.tpot_limit_seconds);
}

void PredictedLatencyProducer::ended(const Ticket& ticket, Nanoseconds) {
  running_limits_.remove(ticket.request, ticket.decode);
}

}  // namespace kvsim::sim
