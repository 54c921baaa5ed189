// SPDX-License-Identifier: Apache-2.0
// Requests that one replica prefills and another decodes, as the event loop sees them.
#include "base/errors.h"
#include "sim/cluster/cluster.h"

namespace kvsim::sim {

// The sidecar of the decode replica gets the request, and sends it on to the prefill replica.
void Cluster::note_prefill_replica(std::uint32_t slot) {
  Client& client = clients_[slot];
  const Ticket& ticket = *client.ticket;
  if (!ticket.prefill) return;
  if (*ticket.prefill == ticket.decode) return end_prefill_ticket(slot);
  const std::uint32_t model = services_[client.record.group].model;
  const std::uint32_t replica = routers_.endpoints(model)[*ticket.prefill].replica;
  if (!gives_kv(directory_.pool_of(replica)) || !tiers_.pulls(client.record.replica))
    throw Error(ExitCode::kBadInput, "the router lets pool " + directory_.pool_of(replica).name +
                                         " prefill for pool " +
                                         directory_.pool_of(client.record.replica).name +
                                         ", whose roles do not allow it: give them `role: prefill` and "
                                         "`role: decode`");
  client.record.prefill_replica = replica;
  client.prefilling = true;
}

void Cluster::send_to_prefill(std::uint32_t slot) {
  Client& client = clients_[slot];
  const std::uint32_t prefill = *client.record.prefill_replica, decode = client.record.replica;
  if (client.record.input_tokens + 1 <= directory_.pool_of(prefill).engine.max_model_len)
    return pass_frontend(slot, prefill,
                         now() + directory_.one_way(decode) + directory_.between(decode, prefill));
  client.prefilling = false;
  end_prefill_ticket(slot);
  if (!handover_.falls_back()) return turn_away(slot, RequestStatus::kHandOverFailed);
  client.record.prefill_replica.reset();
  pass_frontend(slot, decode, now() + directory_.one_way(decode));
}

void Cluster::enqueue_prefill(std::uint32_t slot) {
  Client& client = clients_[slot];
  const std::uint32_t replica = *client.record.prefill_replica;
  client.record.prefill_queued = now();
  EngineRequest request = client.request;
  request.output_tokens = 1;
  request.announced_stop = true;
  request.prefill_only = true;
  client.sequence = replicas_[replica]->enqueue(now(), seen_from(), std::move(request));
  touch(replica);
}

// The prefill replica has answered; its blocks stay for a lease, whether somebody still wants them or not.
void Cluster::hand_over(std::uint32_t replica, const EngineAnswer& answer) {
  Client& client = clients_[answer.slot];
  client.hold.reset();
  if (answer.held != nullptr) {
    client.hold = handover_.open(client.record.id, replica, answer.held, now());
    expect_lease_end(*client.hold);
  }
  if (client.where == Whereabouts::kWithdrawn) return conclude(answer.slot);
  RequestRecord& record = client.record;
  record.prefill_scheduled = answer.scheduled;
  record.prefill_ended = now();
  record.hit_tokens = answer.hit_tokens;
  record.host_hit_tokens = answer.host_hit_tokens;
  record.storage_hit_tokens = answer.storage_hit_tokens;
  client.prefilling = false;
  client.sequence = nullptr;
  client.where = Whereabouts::kOnTheWay;
  end_prefill_ticket(answer.slot);
  pass_frontend(answer.slot, record.replica,
                now() + handover_.hop() + directory_.between(replica, record.replica));
}

// False: the blocks are gone, and so is the request.
bool Cluster::offer_remote(std::uint32_t slot) {
  Client& client = clients_[slot];
  if (client.hold && handover_.renew(*client.hold, client.record.id, now())) {
    client.request.remote = RemoteKv{*client.record.prefill_replica, *client.hold};
    return true;
  }
  client.hold.reset();
  if (handover_.falls_back()) return true;
  turn_away(slot, RequestStatus::kHandOverFailed);
  return false;
}

void Cluster::expect_lease_end(HoldId id) {
  const Hold& hold = handover_[id];
  if (hold.lease_ends != kNever) put(hold.lease_ends, Phase::kLeaseEnd, id, hold.stamp);
}

void Cluster::end_lease(HoldId id) {
  const Sequence* waiting = handover_[id].waiting;
  if (waiting != nullptr && waiting->is_pulling()) return;
  const Hold hold = handover_.close(id);
  if (!hold.is_lost) {
    replicas_[hold.replica]->release(now(), seen_from(), hold.sequence);
    touch(hold.replica);
  }
  if (hold.waiting != nullptr) lose_remote(hold);
}

void Cluster::lose_remote(const Hold& hold) {
  Replica& reader = *replicas_[hold.reader];
  Client& client = clients_[hold.slot];
  if (handover_.falls_back()) {
    reader.lose_remote(now(), seen_from(), hold.waiting);
    return touch(hold.reader);
  }
  note(hold.slot, reader.abort(now(), seen_from(), client.sequence));
  touch(hold.reader);
  if (client.where == Whereabouts::kWithdrawn) return conclude(hold.slot);
  turn_away(hold.slot, RequestStatus::kHandOverFailed);
}

// The reader tells that it has read, or will not.
void Cluster::free_hold(HoldId id) {
  Hold& hold = handover_[id];
  const Nanoseconds way = directory_.between(hold.reader, hold.replica);
  hold.waiting = nullptr;
  ++hold.stamp;
  hold.lease_ends = now() + way;
  if (way > 0) return expect_lease_end(id);
  end_lease(id);
}

void Cluster::abort_prefill(std::uint32_t slot) {
  const std::uint32_t replica = *clients_[slot].record.prefill_replica;
  replicas_[replica]->abort(now(), seen_from(), clients_[slot].sequence);
  touch(replica);
  conclude(slot);
}

void Cluster::end_prefill_ticket(std::uint32_t slot) {
  Client& client = clients_[slot];
  if (!client.ticket || !client.ticket->prefill) return;
  const std::uint32_t model = services_[client.record.group].model;
  routers_.prefill_ended(model, client.router, *client.ticket, now());
  release_place(routers_.endpoints(model)[*client.ticket->prefill].replica);
  client.ticket->prefill.reset();
  if (gates_.any()) gates_.hurry(router_index(client));
}

}  // namespace kvsim::sim
