// SPDX-License-Identifier: Apache-2.0
// Replicas and storage that fail, are drained and come back, and what becomes of the requests that were sent
// there.
#include <algorithm>
#include <utility>

#include "sim/cluster/cluster.h"

namespace kvsim::sim {

void Cluster::expect_outage() {
  const Nanoseconds time = outages_.next();
  if (time == expected_outage_) return;
  expected_outage_ = time;
  ++outage_stamp_;
  if (time != kNever) put(std::max(time, now()), Phase::kOutage, 0, outage_stamp_);
}

void Cluster::change_availability() {
  expected_outage_ = kNever;
  while (const std::optional<OutageChange> change = outages_.take(now())) apply(*change);
  expect_outage();
}

void Cluster::apply(const OutageChange& change) {
  using What = OutageChange::What;
  const std::uint32_t index = change.index;
  switch (change.what) {
    case What::kStorageFails:
      return tiers_.set_storage_up(index, false);
    case What::kStorageServes:
      return tiers_.set_storage_up(index, true);
    case What::kDrains:
      if (outages_.serves(index)) tell_state(index, ReplicaState::kDraining);
      set_present(index, false);
      return check_drained(index);
    case What::kFails:
      tell_state(index, ReplicaState::kDown);
      return crash(index);
    case What::kNoticed:
      return notice(index);
    case What::kStarts:
      return tell_state(index, ReplicaState::kStarting);
    case What::kServes:
      tell_state(index, outages_.drains(index) ? ReplicaState::kDraining : ReplicaState::kUp);
      set_present(index, outages_.is_sent_to(index));
      return admit_stranded();
  }
}

void Cluster::set_present(std::uint32_t replica, bool present) {
  routers_.set_present(replica, present);
  const std::uint32_t first = directory_.model_of(replica) * routers_.routers();
  for (std::uint32_t router = 0; gates_.any() && router < routers_.routers(); ++router)
    gates_.hurry(first + router);
}

// --- a replica fails ---

void Cluster::crash(std::uint32_t replica) {
  if (routers_.reads_events()) routers_.silence(replica, now());
  const EngineWreck wreck = replicas_[replica]->crash(now(), seen_from());
  past_.keep(replica, wreck.work, wreck.moved);
  dead_jobs_.insert(wreck.under_way.begin(), wreck.under_way.end());
  break_holds(replica);
  replicas_[replica] = make_replica(replica);
  frontends_[replica] = FrontendQueue(directory_.pool_of(replica).frontend);
  touch(replica);
  for (const EngineAnswer& answer : wreck.lost) {
    if (!answer.prefill_only) note(answer.slot, answer);
    lose(answer.slot, replica);
  }
}

// What it waited for is not renewed any more; what it held is lost, as are leases that have run out.
void Cluster::break_holds(std::uint32_t replica) {
  for (const HoldId id : handover_.awaited_by(replica)) {
    handover_.abandon(id, now());
    expect_lease_end(id);
  }
  for (const HoldId id : handover_.held_by(replica)) {
    handover_[id].is_lost = true;
    end_lease(id);
  }
}

void Cluster::lose(std::uint32_t slot, std::uint32_t replica) {
  Client& client = clients_[slot];
  if (client.where == Whereabouts::kWithdrawn) return conclude(slot);
  client.where = Whereabouts::kLost;
  client.sequence = nullptr;
  if (!outages_.is_unnoticed(replica)) return recover(slot, replica);
  lost_[replica].push_back({slot, client.stamp});
}

void Cluster::notice(std::uint32_t replica) {
  set_present(replica, false);
  routers_.forget(replica);
  for (const Place& place : std::exchange(lost_[replica], {}))
    if (clients_[place.slot].stamp == place.stamp) recover(place.slot, replica);
}

// Sends it again from the beginning, or gives it up.
void Cluster::recover(std::uint32_t slot, std::uint32_t replica) {
  const bool again = fleet_.recovery.retries_lost && clients_[slot].retries < fleet_.recovery.retries;
  observer_.on_lost(now(), replica, again);
  if (!again) return end(slot, RequestStatus::kLost, traces::Outcome::kRejected);
  end_ticket(slot);
  if (gates_.any()) {
    gates_.hurry(router_index(clients_[slot]));
    gates_[router_index(clients_[slot])].ended(slot);
  }
  clients_[slot].begin_again(now());
  pass_router(slot);
}

// --- drains ---

void Cluster::release_place(std::uint32_t replica) {
  --places_taken_[replica];
  if (outages_.drains(replica)) check_drained(replica);
}

void Cluster::check_drained(std::uint32_t replica) {
  if (places_taken_[replica] > 0 || !replicas_[replica]->idle()) return;
  outages_.empty(replica, now());
  expect_outage();
}

// --- what is left ---

// Lawful, and not known to be gone. Rules of preference follow.
const EndpointIds& Cluster::candidates_of(std::uint32_t group) {
  const Service& service = services_[group];
  if (!outages_.any()) return service.candidates;
  if (reach_.size() <= group) reach_.resize(services_.size());
  Reach& reach = reach_[group];
  if (std::exchange(reach.version, outages_.version()) == outages_.version()) return reach.candidates;
  Service left = service;
  const std::vector<Endpoint>& endpoints = routers_.endpoints(service.model);
  const auto is_gone = [&](EndpointId endpoint) { return !outages_.is_sent_to(endpoints[endpoint].replica); };
  std::erase_if(left.candidates, is_gone);
  std::erase_if(left.failover, is_gone);
  choices_[group] = routers_.choices(left, source_.names().tenants[totals_.groups.all()[group].tenant]);
  reach.candidates = std::move(left.candidates);
  return reach.candidates;
}

void Cluster::no_route(std::uint32_t slot) {
  Client& client = clients_[slot];
  const std::uint32_t group = client.record.group;
  const bool may_come = candidates_of(group).size() < services_[group].candidates.size();
  if (!may_come || !fleet_.recovery.waits_for_replica)
    return turn_away(slot, RequestStatus::kRejectedNoRoute);
  client.record.routed = kNever;
  stranded_.push_back({slot, client.stamp});
}

void Cluster::admit_stranded() {
  for (const Place& place : std::exchange(stranded_, {}))
    if (clients_[place.slot].stamp == place.stamp) dispatch(place.slot);
}

}  // namespace kvsim::sim
