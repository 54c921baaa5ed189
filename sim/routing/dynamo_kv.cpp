// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/dynamo_kv.h"

#include <algorithm>

#include "base/portable_math.h"
#include "sim/routing/draws.h"

namespace kvsim::sim {

DynamoKvRouter::DynamoKvRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed,
                               const Parameters& parameters)
    : IndexedRouter(endpoints, seed, "router/dynamo", parameters),
      prefill_factor_(parameters.number("overlap_weight") * parameters.number("prefill_load_scale")),
      temperature_(parameters.number("temperature")),
      track_output_blocks_(parameters.flag("track_output_blocks")),
      blocks_(endpoints.size()) {}

void DynamoKvRouter::choose(const Call& call, Decision& decision) {
  const RouteRequest& request = call.request;
  knowledge_.match(request, call.view.now);
  const EndpointId prefill =
      pick(call, call.split() ? "prefill" : "", call.prefillers(), true, !call.split());
  const EndpointId decode = call.split() ? pick(call, "decode", call.decode, false, true) : prefill;
  knowledge_.sent(prefill, request);
  const std::uint64_t cached = knowledge_.cached_tokens(prefill, request);
  decision.predicted_hit_tokens = static_cast<std::uint32_t>(cached);
  decision.ticket.decode = decode;
  decision.ticket.blocks = request_blocks(request);
  charge_prefill(call, prefill, request.input_tokens - cached, decision.ticket);
}

EndpointId DynamoKvRouter::pick(const Call& call, const char* profile, const EndpointIds& candidates,
                                bool prefill_term, bool decode_term) {
  std::vector<double> prefill, decode, costs;
  for (const EndpointId endpoint : candidates) {
    prefill.push_back(prefill_term ? prefill_blocks(endpoint, call.request) : 0);
    const std::uint64_t blocks = blocks_[endpoint] + request_blocks(call.request);
    decode.push_back(decode_term ? static_cast<double>(blocks) : 0);
    costs.push_back(prefill_factor_ * prefill.back() + decode.back());
  }
  const EndpointId pick = candidates[temperature_ > 0 ? drawn(costs) : cheapest(costs)];
  explain(call, profile, candidates,
          {{"prefill-blocks", -prefill_factor_, prefill}, {"decode-blocks", -1, decode}}, costs, pick);
  return pick;
}

double DynamoKvRouter::prefill_blocks(EndpointId endpoint, const RouteRequest& request) const {
  const std::uint64_t tokens = in_flight().prompt_tokens(endpoint) + request.input_tokens;
  const std::uint64_t overlap = knowledge_.matched_tokens(endpoint);
  return static_cast<double>(tokens - std::min(tokens, overlap)) / knowledge_.block_tokens();
}

std::uint64_t DynamoKvRouter::request_blocks(const RouteRequest& request) const {
  const std::uint64_t tokens =
      std::uint64_t{request.input_tokens} + (track_output_blocks_ ? request.max_output_tokens : 0);
  return (tokens + knowledge_.block_tokens() - 1) / knowledge_.block_tokens();
}

std::size_t DynamoKvRouter::drawn(const std::vector<double>& costs) {
  const auto [least, most] = std::minmax_element(costs.begin(), costs.end());
  if (*least == *most) return random_.below(costs.size());
  const double least_cost = *least, scale = (*most - *least) * temperature_;
  const auto share = [&](double cost) { return portable_exp(-(cost - least_cost) / scale); };
  return weighted_draw(random_, costs.size(), [&](std::size_t i) { return share(costs[i]); });
}

}  // namespace kvsim::sim
