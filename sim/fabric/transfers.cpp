// SPDX-License-Identifier: Apache-2.0
#include "sim/fabric/transfers.h"

#include <algorithm>
#include <array>

#include "base/errors.h"
#include "base/text.h"
#include "sim/fabric/copy_queue.h"
#include "sim/fabric/flows.h"
#include "sim/fabric/pulls.h"
#include "sim/fabric/storage_io.h"
#include "sim/fabric/timers.h"

namespace kvsim::sim {

struct Transfers::State {
  State(const TopologyInput& topology, std::vector<StorageSystemSettings> systems,
        const std::vector<ReplicaTransfers>& replicas)
      : flows(topology), storage(flows, std::move(systems), replicas), pulls(flows, replicas) {
    for (const ReplicaTransfers& replica : replicas)
      copies.push_back(
          {CopyQueue(replica.tiers.to_host, replica.tiers), CopyQueue(replica.tiers.to_gpu, replica.tiers)});
  }

  CopyQueue& queue(std::uint32_t replica, CopyDirection direction) {
    return copies.at(replica)[direction == CopyDirection::kToHost ? 0 : 1];
  }
  Nanoseconds next() { return std::min({timers.next(), storage.next(), pulls.next(), flows.next()}); }
  // Everything that happens at `now`, which is next().
  void step(Nanoseconds now, std::vector<JobId>& ended) {
    while (timers.is_due(now)) ended.push_back(timers.take());
    std::vector<FlowId> all, of_storage, of_pulls;
    if (flows.next() <= now) flows.take_ended(now, all);
    for (const FlowId flow : all)
      (Flows::kind_of(flow) == Flows::Kind::kPull ? of_pulls : of_storage).push_back(flow);
    storage.step(now, of_storage, ended);
    pulls.step(now, of_pulls, ended);
  }

  std::vector<std::array<CopyQueue, 2>> copies;
  Timers<JobId> timers;  // copies and waits
  Flows flows;
  StorageIo storage;
  Pulls pulls;
};

namespace {

const TopologyInput& checked(const TopologyInput& topology, const std::vector<StorageSystemSettings>& storage,
                             const std::vector<ReplicaTransfers>& replicas) {
  if (const auto found = faults(topology, storage, replicas); !found.empty())
    throw Error(ExitCode::kBadInput, join(found, "\n"));
  return topology;
}

}  // namespace

Transfers::Transfers(const TopologyInput& topology, std::vector<StorageSystemSettings> storage,
                     std::vector<ReplicaTransfers> replicas)
    : state_(std::make_unique<State>(checked(topology, storage, replicas), storage, replicas)) {}

Transfers::~Transfers() = default;

Nanoseconds Transfers::copy(JobId job, std::uint32_t replica, CopyDirection direction, std::uint64_t blocks,
                            Nanoseconds ready) {
  const Nanoseconds end = state_->queue(replica, direction).push(blocks, ready);
  state_->timers.put(end, job);
  return end;
}

void Transfers::read(JobId job, std::uint32_t replica, std::uint64_t blocks, Nanoseconds ready) {
  state_->storage.submit(IoDirection::kRead, job, replica, blocks, ready);
}

bool Transfers::write(JobId job, std::uint32_t replica, std::uint64_t blocks, Nanoseconds now,
                      Nanoseconds ready) {
  return state_->storage.submit(IoDirection::kWrite, job, replica, blocks, std::max(now, ready));
}

void Transfers::remove(std::uint32_t system, std::uint32_t server, std::uint64_t files, Nanoseconds now) {
  state_->storage.remove(system, server, files, now);
}

void Transfers::pull(const Pull& pull, Nanoseconds ready) { state_->pulls.submit(pull, ready); }

void Transfers::wait(JobId job, Nanoseconds until) { state_->timers.put(until, job); }

Nanoseconds Transfers::next() { return state_->next(); }

void Transfers::take_ended(Nanoseconds now, std::vector<JobId>& ended) {
  for (Nanoseconds time = next(); time <= now && time != kNever; time = next()) {
    const auto first = static_cast<std::ptrdiff_t>(ended.size());
    for (Nanoseconds same = time; same == time; same = next()) state_->step(time, ended);
    std::sort(ended.begin() + first, ended.end());
  }
}

bool Transfers::idle() const {
  return state_->timers.empty() && state_->storage.idle() && state_->pulls.idle();
}

const StorageTraffic& Transfers::traffic(std::uint32_t system) const {
  return state_->storage.traffic(system);
}

double Transfers::copied_bytes(std::uint32_t replica, CopyDirection direction) const {
  return state_->queue(replica, direction).copied_bytes();
}

const std::vector<TopologyLink>& Transfers::links() const { return state_->flows.topology().links(); }

void Transfers::carried(Nanoseconds now, std::vector<double>& bytes) { state_->flows.carried(now, bytes); }

}  // namespace kvsim::sim
