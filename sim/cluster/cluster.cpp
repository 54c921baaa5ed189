// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/cluster.h"

#include <algorithm>
#include <utility>

#include "base/errors.h"
#include "base/progress.h"
#include "base/random.h"

namespace kvsim::sim {

Cluster::Cluster(const Fleet& fleet, traces::Source& source, Observer& observer, const RunOptions& options)
    : source_(source),
      observer_(observer),
      options_(options),
      fleet_(fleet),
      directory_(fleet),
      tiers_(fleet, directory_),
      handover_(fleet.router.disaggregation),
      routers_(fleet, directory_, replicas_, options.make_router, options.seed),
      outages_(fleet, directory_, options.seed),
      fail_open_(options.seed, "router/fail-open"),
      gates_(fleet.router, directory_.models().size() * routers_.routers(), calendar_, options.reference),
      sample_every_(std::max<Nanoseconds>(1, options.sample_every)) {
  for (std::uint32_t i = 0; i < directory_.replicas(); ++i) {
    replicas_.push_back(make_replica(i));
    frontends_.emplace_back(directory_.pool_of(i).frontend);
  }
  const std::size_t routers = directory_.models().size() * routers_.routers();
  if (fleet.router.cost.seconds_per_streamed_token > 0) token_rate_.resize(replicas_.size());
  token_rate_of_model_.resize(directory_.models().size());
  for (std::size_t i = 0; i < routers; ++i) hosts_.emplace_back(fleet.router.cost, options.seed ^ mix64(i));
  if (routers_.reads_gauges() || routers_.reads_events()) scrapes_ = routers_.scrape_wheel();
  expected_wake_.resize(replicas_.size(), kNever);
  wake_stamp_.resize(replicas_.size());
  snapshots_.resize(replicas_.size());
  places_taken_.resize(replicas_.size());
  lost_.resize(replicas_.size());
}

std::unique_ptr<Replica> Cluster::make_replica(std::uint32_t replica) {
  const Pool& pool = directory_.pool_of(replica);
  return std::make_unique<Replica>(
      ReplicaSettings{replica, pool.engine, pool.kv_blocks, pool.step_time, options_.reference,
                      tiers_.context(replica), tiers_.pulls(replica), routers_.reads_events()},
      observer_);
}

RunTotals Cluster::run() {
  put(sample_every_, Phase::kSample, 0, 0);
  if (tiers_.any()) observer_.on_links(tiers_.links());
  expect_outage();
  expect_upkeep();
  expect_arrival();
  while (clients_.active() > 0 || expected_arrival_ != kNever || instant_goes_on()) {
    const Event event = next_event();
    if (event.phase() == Phase::kScrape)
      calendar_.pass(event);
    else
      calendar_.take();
    if (stale(event)) continue;
    handle(event);
    if (calendar_.taken() % 4096 == 0) watch();
  }
  if (!source_.exhausted() && options_.stop_at == kNever)
    throw Error(ExitCode::kInternal, "the workload waits for an answer that nobody owes it");
  if (now() > last_sample_) sample();
  for (std::uint32_t i = 0; i < replicas_.size(); ++i)
    if (const auto* moved = replicas_[i]->moved_by_tenant())
      observer_.on_tenant_kv(i, past_.moved(i, *moved));
  totals_.events = calendar_.taken();
  return totals_;
}

// Scrapes stand apart from the calendar.
Event Cluster::next_event() const {
  const Event& first = calendar_.front();
  if (!scrapes_.expects_any()) return first;
  const Event scrape(scrapes_.time(), Phase::kScrape, scrapes_.key(), 0);
  return scrape < first ? scrape : first;
}

// The last sample, too, sees the state after all that happens at its instant.
bool Cluster::instant_goes_on() const {
  const Event next = next_event();
  return next.time() == now() && next.phase() != Phase::kSample;
}

void Cluster::handle(const Event& event) {
  switch (event.phase()) {
    case Phase::kOutage:
      return change_availability();
    case Phase::kUpkeep:
      tiers_.upkeep(now(), source_.names().tenants, replicas_);
      expect_transfer();
      return expect_upkeep();
    case Phase::kLeaseEnd:
      return end_lease(event.key());
    case Phase::kTransferEnd:
      return end_transfers();
    case Phase::kClientReceives:
      return complete(event.key());
    case Phase::kTimeout:
      return withdraw(event.key(), RequestStatus::kTimedOut, traces::Outcome::kTimedOut);
    case Phase::kArrival:
      return arrive();
    case Phase::kRoute:
      return route(event.key());
    case Phase::kFlowTick:
      gates_.ticked(event.key());
      return cycle_flow(event.key());
    case Phase::kEnqueue:
      return enqueue(event.key());
    case Phase::kAbort:
      return abort(event.key());
    case Phase::kStepEnd:
      return wake(event.key());
    case Phase::kScrape:
      return scrape(scrapes_.take());
    case Phase::kSample:
      return sample();
  }
}

bool Cluster::stale(const Event& event) {
  switch (event.phase()) {
    case Phase::kOutage:
      return event.stamp() != outage_stamp_;
    case Phase::kArrival:
      return event.stamp() != arrival_stamp_;
    case Phase::kStepEnd:
      return event.stamp() != wake_stamp_[event.key()];
    case Phase::kLeaseEnd:
      return event.stamp() != handover_[event.key()].stamp;
    case Phase::kTransferEnd:
      return event.stamp() != transfer_stamp_;
    case Phase::kFlowTick:
      return gates_.stale(event);
    case Phase::kUpkeep:
    case Phase::kScrape:
    case Phase::kSample:
      return false;
    default:
      return event.stamp() != clients_[event.key()].stamp;
  }
}

void Cluster::put(Nanoseconds time, Phase phase, std::uint32_t key, std::uint64_t stamp) {
  calendar_.put({time, phase, key, stamp});
}

// --- from the client ---

void Cluster::expect_arrival() {
  const std::optional<Nanoseconds> next = source_.next_arrival();
  const Nanoseconds time = next && *next <= options_.stop_at ? std::max(*next, now()) : kNever;
  if (time == expected_arrival_) return;
  expected_arrival_ = time;
  ++arrival_stamp_;
  if (time != kNever) put(time, Phase::kArrival, 0, arrival_stamp_);
}

void Cluster::arrive() {
  expected_arrival_ = kNever;
  traces::Request request = source_.take();
  if (request.left_out) {
    tell_source(request.id, traces::Outcome::kCompleted);
    return expect_arrival();
  }
  const std::uint32_t slot = clients_.open();
  Client& client = clients_[slot];
  client.where = Whereabouts::kAtRouter;
  client.record.id = request.id;
  client.record.group = group_of(request);
  client.record.stage = request.stage;
  client.record.input_tokens = request.input_tokens;
  client.record.intended = request.intended;
  client.record.arrival = client.record.queued = now();
  client.record.scheduled = client.record.routed = kNever;
  ++totals_.offered;
  totals_.first_arrival = std::min(totals_.first_arrival, now());
  observer_.on_arrival(now(), client.record.group);
  send(slot, request);
  expect_arrival();
}

std::uint32_t Cluster::group_of(const traces::Request& request) {
  const Group group{request.model, request.slo_class, request.tenant};
  const std::size_t known = totals_.groups.all().size();
  const std::uint32_t index = totals_.groups.index(group);
  if (index == known) {
    services_.push_back(directory_.service(source_.names(), group));
    choices_.push_back(routers_.choices(services_.back(), source_.names().tenants[group.tenant]));
    observer_.on_group(index, group);
  }
  return index;
}

void Cluster::send(std::uint32_t slot, traces::Request& request) {
  Client& client = clients_[slot];
  const std::uint64_t asked = std::max(request.output_tokens, request.max_output_tokens);
  const Service& service = services_[client.record.group];
  if (service.candidates.empty()) return turn_away(slot, RequestStatus::kRejectedNoRoute);
  const std::int32_t priority = request.priority != 0 ? request.priority : service.priority;
  client.request = {slot,
                    client.record.group,
                    service.salt,
                    priority,
                    request.output_tokens,
                    asked == request.output_tokens,
                    std::move(request.prompt),
                    request.input_tokens,
                    request.output_stream,
                    {request.tenant, request.session},
                    false,
                    {}};
  client.connection = request.connection;
  client.max_tokens = request.input_tokens + asked;
  client.router = routers_.router_of(request.id);
  if (request.timeout != kNever && request.timeout < kNever - now())
    put(now() + request.timeout, Phase::kTimeout, slot, client.stamp);
  pass_router(slot);
}

void Cluster::pass_router(std::uint32_t slot) {
  Client& client = clients_[slot];
  const RouterCost& cost = fleet_.router.cost;
  const Nanoseconds there = now() + from_seconds(cost.hop_seconds);
  const std::optional<RouterHost::Passage> passage = host_of(client).pass(there, client.record.input_tokens);
  if (!passage) return turn_away(slot, RequestStatus::kRouterFailed);
  const Nanoseconds patience = from_seconds(cost.timeout_seconds);
  client.router_too_slow = patience > 0 && passage->begin - there > patience;
  const Nanoseconds ready = client.router_too_slow ? there + patience : passage->ready;
  if (ready > now()) return put(ready, Phase::kRoute, slot, client.stamp);
  route(slot);
}

// --- towards the engine ---

void Cluster::deliver(std::uint32_t slot) {
  Client& client = clients_[slot];
  const std::uint32_t replica = client.record.replica;
  if (client.max_tokens > directory_.pool_of(replica).engine.max_model_len)
    return turn_away(slot, RequestStatus::kRejectedTooLong);
  if (client.prefilling) return send_to_prefill(slot);
  pass_frontend(slot, replica, now() + directory_.one_way(replica));
}

void Cluster::pass_frontend(std::uint32_t slot, std::uint32_t replica, Nanoseconds time) {
  const Client& client = clients_[slot];
  const Nanoseconds ready = frontends_[replica].pass(time, client.record.input_tokens);
  if (ready > now()) return put(ready, Phase::kEnqueue, slot, client.stamp);
  enqueue(slot);
}

void Cluster::enqueue(std::uint32_t slot) {
  Client& client = clients_[slot];
  const std::uint32_t at = client.prefilling ? *client.record.prefill_replica : client.record.replica;
  if (!outages_.serves(at)) return lose(slot, at);
  client.where = Whereabouts::kInEngine;
  if (client.prefilling) return enqueue_prefill(slot);
  client.record.queued = now();
  if (client.record.prefill_replica && !offer_remote(slot)) return;
  EngineRequest request = outages_.any() ? client.request : std::move(client.request);
  client.sequence = replicas_[client.record.replica]->enqueue(now(), seen_from(), std::move(request));
  if (client.hold) handover_.wait(*client.hold, client.record.replica, slot, client.sequence);
  touch(client.record.replica);
}

void Cluster::touch(std::uint32_t replica) {
  expect_wake(replica);
  if (outages_.drains(replica)) check_drained(replica);
  if (!token_rate_.empty()) note_token_rate(replica);
  if (scrapes_.none()) return;
  if (routers_.reads_events()) routers_.collect_events(replica);
  for (std::uint32_t router = 0; router < routers_.routers(); ++router) {
    const std::uint32_t key = router * static_cast<std::uint32_t>(replicas_.size()) + replica;
    if (!scrapes_.expects(key)) scrapes_.expect(key, now());
  }
}

void Cluster::expect_wake(std::uint32_t replica) {
  const Nanoseconds time = replicas_[replica]->next_wake();
  if (time == expected_wake_[replica]) return;
  expected_wake_[replica] = time;
  ++wake_stamp_[replica];
  if (time != kNever) put(time, Phase::kStepEnd, replica, wake_stamp_[replica]);
}

void Cluster::end_transfers() {
  expected_transfer_ = kNever;
  ended_jobs_.clear();
  tiers_.transfers().take_ended(now(), ended_jobs_);
  for (const JobId job : ended_jobs_) {
    if (dead_jobs_.erase(job) > 0) continue;
    const std::uint32_t replica = JobIds::replica_of(job);
    const std::optional<HoldId> read = replicas_[replica]->transfer_ended(now(), seen_from(), job);
    touch(replica);
    if (read) free_hold(*read);
  }
  tiers_.charge_deletions(now());
  expect_transfer();
}

void Cluster::expect_transfer() {
  const Nanoseconds time = tiers_.any() ? tiers_.transfers().next() : kNever;
  if (time == expected_transfer_) return;
  expected_transfer_ = time;
  ++transfer_stamp_;
  if (time != kNever) put(std::max(time, now()), Phase::kTransferEnd, 0, transfer_stamp_);
}

void Cluster::expect_upkeep() {
  const Nanoseconds time = tiers_.next_upkeep();
  if (time != kNever) put(std::max(time, now()), Phase::kUpkeep, 0, 0);
}

void Cluster::wake(std::uint32_t replica) {
  expected_wake_[replica] = kNever;
  news_.clear();
  replicas_[replica]->wake(now(), news_);
  touch(replica);
  expect_transfer();
  hear_first_tokens();
  for (const EngineAnswer& answer : news_.answers) {
    if (answer.prefill_only) {
      hand_over(replica, answer);
      continue;
    }
    note(answer.slot, answer);
    if (clients_[answer.slot].where == Whereabouts::kWithdrawn)
      conclude(answer.slot);  // its abort is still on the way, and comes too late
    else
      return_answer(answer.slot);
  }
}

// --- watching ---

void Cluster::sample() {
  for (std::uint32_t i = 0; i < replicas_.size(); ++i) {
    snapshots_[i] = replicas_[i]->snapshot(now());
    past_.add_to(snapshots_[i], i);
  }
  observer_.on_sample(now(), now() - last_sample_, snapshots_.data(),
                      static_cast<std::uint32_t>(snapshots_.size()));
  if (tiers_.any()) observer_.on_tiers(tiers_.sample(now(), now() - last_sample_, snapshots_, replicas_));
  last_sample_ = now();
  throw_if_stuck();
  if (++samples_ >= options_.max_samples) {
    samples_ /= 2;
    sample_every_ *= 2;
  }
  put((now() / sample_every_ + 1) * sample_every_, Phase::kSample, 0, 0);
}

// Replicas that prefill for each other can wait for each other's blocks.
void Cluster::throw_if_stuck() const {
  const std::size_t idle_events = tiers_.next_upkeep() == kNever ? 0 : 1;
  if (outages_.next() != kNever) return;  // which may free blocks
  if (clients_.active() == 0 || calendar_.size() > idle_events || scrapes_.expects_any()) return;
  throw Error(
      ExitCode::kBadInput,
      "replicas that prefill for each other wait for each other's KV blocks, for ever: give their pools "
      "the roles `prefill` and `decode`, set `router.disaggregation.lease_renewed: false`, or give the "
      "requests a timeout");
}

void Cluster::watch() {
  throw_if_interrupted();
  if (options_.progress) options_.progress(source_.progress().value_or(-1), now());
}

RunTotals simulate(const Fleet& fleet, traces::Source& source, Observer& observer,
                   const RunOptions& options) {
  return Cluster(fleet, source, observer, options).run();
}

}  // namespace kvsim::sim
