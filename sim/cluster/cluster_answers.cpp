// SPDX-License-Identifier: Apache-2.0
// The way back to the client, and requests that get no answer.
#include <algorithm>

#include "sim/cluster/cluster.h"

namespace kvsim::sim {

void Cluster::note(std::uint32_t slot, const EngineAnswer& answer) {
  RequestRecord& record = clients_[slot].record;
  const Nanoseconds way_back = directory_.one_way(record.replica);
  record.queued = answer.queued;
  record.scheduled = answer.scheduled;
  record.first_token = answer.first_token == kNever
                           ? kNever
                           : answer.first_token + way_back + clients_[slot].first_token_delay;
  record.output_tokens = answer.output_tokens;
  record.pulled_tokens = answer.pulled_tokens;
  if (answer.pulled_tokens == 0) {  // else those of the prefill replica count
    record.prefill_replica.reset();
    record.hit_tokens = answer.hit_tokens;
    record.host_hit_tokens = answer.host_hit_tokens;
    record.storage_hit_tokens = answer.storage_hit_tokens;
  }
  record.load_wait = answer.load_wait;
  record.preemptions = answer.preemptions;
  record.recomputed_tokens = answer.recomputed_tokens;
}

void Cluster::return_answer(std::uint32_t slot) {
  Client& client = clients_[slot];
  const Nanoseconds way_back =
      directory_.one_way(client.record.replica) + host_of(client).stream_delay(now());
  client.where = Whereabouts::kComingBack;
  if (gates_.any()) gates_[router_index(client)].ended(slot);
  put(std::max(now() + way_back, client.record.first_token), Phase::kClientReceives, slot, client.stamp);
}

void Cluster::complete(std::uint32_t slot) {
  boundaries_over_at_ = now();
  routers_.boundaries_over(now());
  end(slot, RequestStatus::kCompleted, traces::Outcome::kCompleted);
}

void Cluster::turn_away(std::uint32_t slot, RequestStatus status) {
  end(slot, status, traces::Outcome::kRejected);
}

void Cluster::end(std::uint32_t slot, RequestStatus status, traces::Outcome outcome) {
  RequestRecord& record = clients_[slot].record;
  record.status = status;
  record.finished = now();
  const std::uint64_t id = record.id;
  conclude(slot);
  tell_source(id, outcome);
  expect_arrival();
}

void Cluster::withdraw(std::uint32_t slot, RequestStatus status, traces::Outcome outcome) {
  Client& client = clients_[slot];
  client.record.status = status;
  client.record.finished = now();
  const Whereabouts where = client.where;
  const std::uint64_t id = client.record.id;
  client.where = Whereabouts::kWithdrawn;
  ++client.stamp;  // whatever else was on its way no longer matters
  Nanoseconds way = directory_.one_way(client.record.replica);
  if (client.prefilling) way += directory_.between(client.record.replica, *client.record.prefill_replica);
  if (gates_.any()) {
    gates_.hurry(router_index(client));
    gates_[router_index(client)].remove(slot);
    gates_[router_index(client)].ended(slot);
  }
  if (where != Whereabouts::kInEngine)
    conclude(slot);
  else if (way > 0)
    put(now() + way, Phase::kAbort, slot, client.stamp);
  else
    abort(slot);
  tell_source(id, outcome);
  expect_arrival();
}

void Cluster::abort(std::uint32_t slot) {
  Client& client = clients_[slot];
  if (client.prefilling) return abort_prefill(slot);
  const bool is_unread = client.sequence->is_offered();
  note(slot, replicas_[client.record.replica]->abort(now(), seen_from(), client.sequence));
  touch(client.record.replica);
  if (is_unread) free_hold(*client.hold);
  conclude(slot);
}

void Cluster::conclude(std::uint32_t slot) {
  const RequestRecord& record = clients_[slot].record;
  totals_.end = std::max(totals_.end, record.finished);
  if (end_ticket(slot) && gates_.any()) tell_flow(slot);
  observer_.on_finished(record);
  clients_.close(slot);
}

// False: it had none.
bool Cluster::end_ticket(std::uint32_t slot) {
  end_prefill_ticket(slot);
  Client& client = clients_[slot];
  if (!client.ticket) return false;
  const std::uint32_t model = services_[client.record.group].model;
  if (!client.first_token_told) routers_.router(model, client.router).first_token(*client.ticket, now());
  routers_.ended(model, client.router, *client.ticket, now());
  host_of(client).stream_ends();
  release_place(client.record.replica);
  client.ticket.reset();
  return true;
}

void Cluster::tell_flow(std::uint32_t slot) {
  const Client& client = clients_[slot];
  const RequestRecord& record = client.record;
  const std::uint32_t router = router_index(client);
  gates_.hurry(router);
  gates_[router].ended(slot);
  if (record.status != RequestStatus::kCompleted) return;  // no usage is reported
  const std::string& tenant = source_.names().tenants[totals_.groups.all()[record.group].tenant];
  gates_[router].served(tenant, record.input_tokens, record.output_tokens, now());
}

void Cluster::tell_source(std::uint64_t request_id, traces::Outcome outcome) {
  source_.finished({request_id, now(), outcome});
}

}  // namespace kvsim::sim
