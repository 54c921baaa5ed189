// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/mooncake_conductor.h"

#include <algorithm>

namespace kvsim::sim {

namespace {

EndpointId prefiller(const Ticket& ticket) { return ticket.prefill.value_or(ticket.decode); }

}  // namespace

MooncakeConductorRouter::MooncakeConductorRouter(const std::vector<Endpoint>& endpoints, std::uint64_t seed,
                                                 const Parameters& parameters)
    : IndexedRouter(endpoints, seed, "router/mooncake", parameters),
      balancing_threshold_(parameters.number("balancing_threshold")),
      seconds_per_token_(0),
      ttft_limit_(parameters.number("ttft_limit")),
      tpot_limit_(parameters.number("tpot_limit")),
      queues_(endpoints.size()),
      decoding_(endpoints.size()) {
  const double rate = parameters.number("transfer_bytes_per_second");
  if (rate > 0) seconds_per_token_ = parameters.number("kv_bytes_per_token") / rate;
}

void MooncakeConductorRouter::choose(const Call& call, Decision& decision) {
  const RouteRequest& request = call.request;
  knowledge_.match(request, call.view.now);
  const Prefill prefill = pick_prefill(call);
  const EndpointId decode = call.split() ? pick_decode(call) : prefill.endpoint;
  const Nanoseconds prefilled = call.view.now + from_seconds(prefill.ttft_seconds);
  if (over_limits(request, prefill.ttft_seconds, step_seconds(decode, request, prefilled))) {
    decision.refusal = Refusal::kShed;
    return;
  }
  decision.predicted_hit_tokens =
      static_cast<std::uint32_t>(knowledge_.cached_tokens(prefill.endpoint, request));
  decision.ticket.decode = decode;
  charge_prefill(call, prefill.endpoint, request.input_tokens - prefill.context, decision.ticket);
  knowledge_.sent(prefill.endpoint, request);
}

MooncakeConductorRouter::Prefill MooncakeConductorRouter::pick_prefill(const Call& call) {
  const RouteRequest& request = call.request;
  std::uint64_t best = 0;
  for (const EndpointId endpoint : call.prefillers())
    best = std::max(best, knowledge_.cached_tokens(endpoint, request));
  std::vector<double> queue, transfer, prefill, ttft;
  for (const EndpointId endpoint : call.prefillers()) {
    const std::uint64_t own = knowledge_.cached_tokens(endpoint, request), context = context_on(own, best);
    queue.push_back(queues_.seconds(endpoint, call.view.now));
    transfer.push_back(seconds_per_token_ * static_cast<double>(context - own));
    prefill.push_back(prefill_seconds(endpoints_[endpoint], context, request.input_tokens - context));
    ttft.push_back(queue.back() + transfer.back() + prefill.back());
  }
  const std::size_t place = cheapest(ttft);
  const EndpointId pick = call.prefillers()[place];
  explain(
      call, call.split() ? "prefill" : "", call.prefillers(),
      {{"queue-seconds", -1, queue}, {"transfer-seconds", -1, transfer}, {"prefill-seconds", -1, prefill}},
      ttft, pick);
  return {pick, ttft[place], context_on(knowledge_.cached_tokens(pick, request), best)};
}

// best / own at or over the threshold: the rest is fetched.
std::uint64_t MooncakeConductorRouter::context_on(std::uint64_t own, std::uint64_t best) const {
  const bool near = static_cast<double>(best) < balancing_threshold_ * static_cast<double>(own);
  return seconds_per_token_ == 0 || near ? own : best;
}

EndpointId MooncakeConductorRouter::pick_decode(const Call& call) {
  std::vector<double> steps;
  for (const EndpointId endpoint : call.decode)
    steps.push_back(step_seconds(endpoint, call.request, call.view.now));
  const EndpointId pick = call.decode[cheapest(steps)];
  explain(call, "decode", call.decode, {{"step-seconds", -1, steps}}, steps, pick);
  return pick;
}

double MooncakeConductorRouter::step_seconds(EndpointId endpoint, const RouteRequest& request,
                                             Nanoseconds at) const {
  const Nanoseconds lasts =
      decodes_ended_ == 0 ? kNever : from_seconds(decode_seconds_ / static_cast<double>(decodes_ended_));
  double sequences = 1, context = request.input_tokens;
  for (const auto& [id, decoding] : decoding_[endpoint]) {
    if (decoding.since != kNever && at - decoding.since > lasts) continue;
    ++sequences;
    context += static_cast<double>(decoding.tokens);
  }
  return decode_step_seconds(endpoints_[endpoint], sequences, context);
}

bool MooncakeConductorRouter::over_limits(const RouteRequest& request, double ttft_seconds,
                                          double step_seconds) const {
  const double ttft_limit = ttft_limit_ > 0 ? ttft_limit_ : request.ttft_limit_seconds;
  const double tpot_limit = tpot_limit_ > 0 ? tpot_limit_ : request.tpot_limit_seconds;
  return (ttft_limit > 0 && ttft_seconds > ttft_limit) || (tpot_limit > 0 && step_seconds > tpot_limit);
}

void MooncakeConductorRouter::on_dispatched(const Ticket& ticket, Nanoseconds now) {
  const EndpointId endpoint = prefiller(ticket);
  const std::uint64_t uncached = ticket.prefill ? ticket.prefill_uncached_tokens : ticket.uncached_tokens;
  queues_.add(endpoint, ticket.request,
              prefill_seconds(endpoints_[endpoint], ticket.input_tokens - uncached, uncached), now);
  decoding_[ticket.decode][ticket.request] = {ticket.input_tokens, kNever};
}

void MooncakeConductorRouter::on_prefill_ended(const Ticket& ticket, Nanoseconds now) {
  queues_.remove(*ticket.prefill, ticket.request, now);
}

void MooncakeConductorRouter::on_first_token(const Ticket& ticket, Nanoseconds now) {
  queues_.remove(ticket.decode, ticket.request, now);  // a prompt that was computed elsewhere is not there
  decoding_[ticket.decode][ticket.request].since = now;
}

void MooncakeConductorRouter::on_ended(const Ticket& ticket, Nanoseconds now) {
  const auto ended = decoding_[ticket.decode].find(ticket.request);
  decode_seconds_ += to_seconds(now - ended->second.since);
  ++decodes_ended_;
  decoding_[ticket.decode].erase(ended);
}

}  // namespace kvsim::sim
