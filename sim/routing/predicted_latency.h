// SPDX-License-Identifier: Apache-2.0
// predicted-latency-producer: times that llm-d-router gets from a model trained on the fleet's answers. Here
// the step times of the simulation predict, from what the router has seen:
//   ahead   = uncached prompt tokens in flight there, of this router's requests without a first token
//   own     = the request's tokens without those that the prefix index expects there
//   running = scraped running requests; context = scraped kv usage * tokens of its KV cache
//   steps   = (ahead + own) / max_num_batched_tokens, rounded up
//   TTFT = ahead * (seconds of a full chunk / its tokens) + prefill_seconds(cached, own)
//          + steps * (decode_step_seconds(running, context) - decode_step_seconds(1, 1)), the last at least 0
//   TPOT = decode_step_seconds(running + 1, context + prompt tokens)
// each times max(0, 1 + predictionError * z), z a standard normal draw of its own: how wrong a trained model
// is [K]. predictInProduce off: no predictions.
//
// Headroom of TTFT is the request's limit (0 where it has none) less the prediction. Of TPOT it is the limit
// times sloBufferFactor, or the strictest limit of this router's requests that run there if that is less,
// less the prediction; 0 with streamingMode off and on replicas that only prefill.
#pragma once

#include <cstdint>
#include <set>
#include <unordered_map>
#include <vector>

#include "sim/routing/plugin.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

// The limits of requests in flight, by endpoint.
class RunningLimits {
 public:
  explicit RunningLimits(std::size_t endpoints) : limits_(endpoints) {}
  void add(std::uint64_t request, EndpointId endpoint, double limit_seconds);
  void remove(std::uint64_t request, EndpointId endpoint);
  double strictest(EndpointId endpoint, double limit_seconds) const;  // of these and `limit_seconds`

 private:
  std::vector<std::multiset<double>> limits_;
  std::unordered_map<std::uint64_t, double> of_request_;
};

class PredictedLatencyProducer final : public LatencyProducer {
 public:
  // `prefix`: nullptr where the configuration has no index; then nothing is expected to be cached.
  PredictedLatencyProducer(const PluginSettings& settings, const std::vector<Endpoint>& endpoints,
                           const PrefixProducer* prefix);
  RouterNeeds needs() const override { return {true, true, false}; }
  void produce(const RoutingCall& call) override;
  void dispatched(const RoutingCall& call, const Ticket& ticket) override;
  void ended(const Ticket& ticket, Nanoseconds now) override;
  const LatencyPredictions& predictions() const override { return predictions_; }

 private:
  void predict(const RoutingCall& call, EndpointId endpoint);
  double ttft_seconds(const RoutingCall& call, EndpointId endpoint) const;
  double tpot_seconds(const RoutingCall& call, EndpointId endpoint) const;
  double context_tokens(const RoutingCall& call, EndpointId endpoint) const;
  double wrong(double seconds, RandomStream& random) const;

  double buffer_, error_;
  bool streaming_, predicts_;
  const PrefixProducer* prefix_;
  std::vector<double> token_seconds_;        // of a full chunk, by endpoint
  std::vector<double> lone_decode_seconds_;  // by endpoint
  RunningLimits running_limits_;
  LatencyPredictions predictions_;
};

}  // namespace kvsim::sim
