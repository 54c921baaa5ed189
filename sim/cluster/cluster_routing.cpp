// SPDX-License-Identifier: Apache-2.0
// A request at the router, and what routers hear of replicas.
#include <algorithm>
#include <utility>

#include "sim/cluster/cluster.h"
#include "sim/cluster/explain.h"

namespace kvsim::sim {

void Cluster::route(std::uint32_t slot) {
  if (clients_[slot].router_too_slow) return bypass(slot);
  if (!gates_.any()) return dispatch(slot);
  const Client& client = clients_[slot];
  const Service& service = services_[client.record.group];
  const std::uint32_t router = router_index(client);
  const Group& group = totals_.groups.all()[client.record.group];
  const double bytes = 4.0 * client.record.input_tokens;
  gates_.hurry(router);
  const bool taken =
      gates_[router].add({slot, service.objective_priority, source_.names().tenants[group.tenant], bytes,
                          client.record.input_tokens, now(), service.ttft_limit_seconds});
  if (!taken) return turn_away(slot, RequestStatus::kShed);
  cycle_flow(router);
}

void Cluster::cycle_flow(std::uint32_t router) {
  FlowControl& flow = gates_[router];
  for (const FlowItem& item : flow.take_expired(now())) turn_away(item.slot, RequestStatus::kShed);
  if (flow.empty()) return;
  const RouterTier::Saturation saturation =
      routers_.saturation(router / routers_.routers(), router % routers_.routers(), now());
  const std::optional<FlowItem> next = flow.cycle(now(), saturation.value);
  const std::optional<std::uint32_t> victim = next ? std::nullopt : flow.evict(saturation.value);
  if (next) dispatch(next->slot);
  if (victim) withdraw(*victim, RequestStatus::kShed, traces::Outcome::kRejected);
  gates_.plan(router, saturation.value, !next && !victim && !saturation.ages);
}

RouteRequest Cluster::route_request(const Client& client) const {
  const Service& service = services_[client.record.group];
  const Group& group = totals_.groups.all()[client.record.group];
  RouteRequest request;
  request.id = client.record.id;
  request.session = client.request.owner.session;
  request.connection = client.connection;
  request.tenant = &source_.names().tenants[group.tenant];
  request.slo_class = &source_.names().slo_classes[group.slo_class];
  request.priority = service.objective_priority;
  request.ttft_limit_seconds = service.ttft_limit_seconds;
  request.tpot_limit_seconds = service.tpot_limit_seconds;
  request.arrival = client.record.arrival;
  request.input_tokens = client.record.input_tokens;
  request.max_output_tokens = static_cast<std::uint32_t>(client.max_tokens - client.record.input_tokens);
  request.salt = client.request.salt;
  request.prompt = &client.request.prompt;
  request.may_index = service.may_index;
  return request;
}

void Cluster::dispatch(std::uint32_t slot) {
  Client& client = clients_[slot];
  const std::uint32_t model = services_[client.record.group].model;
  Router& router = routers_.router(model, client.router);
  RouteRequest request = route_request(client);
  client.record.routed = now();
  request.candidates = &candidates_of(client.record.group);
  if (std::optional<PoolChoices>& choices = choices_[client.record.group])
    request.candidates = &routers_.narrow(model, client.router, *choices);
  if (request.candidates->empty()) return no_route(slot);
  const Decision decision = decide(router, request, routers_.view(model, client.router, now()), client);
  if (decision.refusal == Refusal::kShed) return turn_away(slot, RequestStatus::kShed);
  if (decision.refusal == Refusal::kNoEndpoint) return no_route(slot);
  client.record.predicted_hit_tokens = decision.predicted_hit_tokens;
  go_to(slot, decision.ticket);
}

Decision Cluster::decide(Router& router, const RouteRequest& request, const RouterView& view,
                         const Client& client) {
  if (options_.explain_every == 0 || request.id % options_.explain_every != 0)
    return router.route(request, view, nullptr);
  const auto& endpoints = routers_.endpoints(services_[client.record.group].model);
  RoutingRecord record = begin_record(request, view, endpoints, router.in_flight());
  record.group = client.record.group;
  record.router = client.router;
  record.sees_gauges = routers_.reads_gauges();
  Explanation explanation;
  const Decision decision = router.route(request, view, &explanation);
  finish_record(record, explanation, decision, endpoints);
  observer_.on_routed(record);
  return decision;
}

// A gateway whose router does not answer in time fails, or sends the request anywhere (failOpen).
void Cluster::bypass(std::uint32_t slot) {
  if (!fleet_.router.cost.fail_open) return turn_away(slot, RequestStatus::kRouterFailed);
  Client& client = clients_[slot];
  const EndpointIds& candidates = candidates_of(client.record.group);
  client.record.routed = now();
  if (candidates.empty()) return no_route(slot);
  Ticket ticket;
  ticket.request = client.record.id;
  ticket.decode = candidates[fail_open_.below(candidates.size())];
  go_to(slot, ticket);
}

void Cluster::go_to(std::uint32_t slot, const Ticket& ticket) {
  Client& client = clients_[slot];
  const std::uint32_t model = services_[client.record.group].model;
  routers_.dispatched(model, client.router, ticket, now());
  host_of(client).stream_begins();
  client.ticket = ticket;
  client.record.replica = routers_.endpoints(model)[ticket.decode].replica;
  client.record.pool = directory_.pool_index(client.record.replica);
  client.where = Whereabouts::kOnTheWay;
  take_place(client.record.replica);
  if (ticket.prefill) take_place(routers_.endpoints(model)[*ticket.prefill].replica);
  note_prefill_replica(slot);
  deliver(slot);
}

// --- what routers hear ---

// A model's tokens stream through its routers in equal parts.
void Cluster::note_token_rate(std::uint32_t replica) {
  const double rate = replicas_[replica]->tokens_per_second();
  if (rate == token_rate_[replica]) return;
  const std::uint32_t model = directory_.model_of(replica), routers = routers_.routers();
  token_rate_of_model_[model] += rate - token_rate_[replica];
  token_rate_[replica] = rate;
  for (std::uint32_t router = 0; router < routers; ++router)
    hosts_[model * routers + router].set_token_rate(now(), token_rate_of_model_[model] / routers);
}

void Cluster::scrape(std::uint32_t key) {
  const auto count = static_cast<std::uint32_t>(replicas_.size());
  const std::uint32_t router = key / count, replica = key % count;
  if (!outages_.serves(replica)) return;
  if (routers_.scrape(router, replica, now()) && gates_.any())
    gates_.hurry(directory_.model_of(replica) * routers_.routers() + router);
  if (replicas_[replica]->next_wake() == kNever) return;
  scrapes_.expect(key, now());
}

void Cluster::hear_first_tokens() {
  for (const std::uint32_t slot : news_.first_tokens) {
    Client& client = clients_[slot];
    if (!client.ticket || client.first_token_told) continue;
    client.first_token_told = true;
    if (gates_.any()) gates_.hurry(router_index(client));
    client.first_token_delay = host_of(client).stream_delay(now());
    routers_.router(services_[client.record.group].model, client.router).first_token(*client.ticket, now());
  }
}

}  // namespace kvsim::sim
