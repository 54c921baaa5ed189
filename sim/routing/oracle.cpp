// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/oracle.h"

namespace kvsim::sim {

void OracleRouter::choose(const Call& call, Decision& decision) {
  Truth& truth = call.view.truth;
  std::vector<double> seconds;
  for (const EndpointId endpoint : call.prefillers())
    seconds.push_back(truth.ttft_seconds(endpoint, call.request));
  const EndpointId pick = call.prefillers()[cheapest(seconds)];
  explain(call, call.split() ? "prefill" : "", call.prefillers(), {{"ttft-seconds", -1, seconds}}, seconds,
          pick);
  const std::uint64_t cached = truth.cached_tokens(pick, call.request);
  decision.predicted_hit_tokens = static_cast<std::uint32_t>(cached);
  decision.ticket.decode = call.split() ? pick_decode(call) : pick;
  charge_prefill(call, pick, call.request.input_tokens - cached, decision.ticket);
}

EndpointId OracleRouter::pick_decode(const Call& call) {
  std::vector<double> requests;
  for (const EndpointId endpoint : call.decode) {
    const Gauges gauges = call.view.truth.gauges(endpoint);
    requests.push_back(gauges.running + gauges.waiting);
  }
  const EndpointId pick = call.decode[cheapest(requests)];
  explain(call, "decode", call.decode, {{"requests", -1, requests}}, requests, pick);
  return pick;
}

}  // namespace kvsim::sim
