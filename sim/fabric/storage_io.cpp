// SPDX-License-Identifier: Apache-2.0
#include "sim/fabric/storage_io.h"

#include <algorithm>
#include <utility>

#include "base/errors.h"

namespace kvsim::sim {
namespace {

double server_rate(const StorageSystemSettings& system, IoDirection direction) {
  return direction == IoDirection::kRead ? system.read_bytes_per_second : system.write_bytes_per_second;
}

// What one operation takes of the drives, whatever its size.
double operation_bytes(const StorageSystemSettings& system, IoDirection direction) {
  if (system.operations_per_second <= 0) return 0;
  return server_rate(system, direction) / system.operations_per_second;
}

}  // namespace

StorageIo::StorageIo(Flows& flows, std::vector<StorageSystemSettings> systems,
                     const std::vector<ReplicaTransfers>& replicas)
    : flows_(flows) {
  for (StorageSystemSettings& system : systems) systems_.push_back({std::move(system), {}});
  for (const ReplicaTransfers& given : replicas) {
    Replica& replica = replicas_.emplace_back();
    replica.server = given.server;
    if (!given.tiers.storage) continue;
    replica.system = given.tiers.storage->system;
    replica.ranks = given.tiers.ranks;
    replica.file_bytes = given.tiers.block_bytes / given.tiers.ranks;
    replica.threads.emplace(given.tiers, systems_[replica.system].settings.latency_seconds);
  }
}

bool StorageIo::submit(IoDirection direction, JobId job, std::uint32_t replica, std::uint64_t files,
                       Nanoseconds ready) {
  auto& threads = replicas_.at(replica).threads;
  if (!threads) throw Error(ExitCode::kInternal, "a replica without storage reads or writes files");
  if (!threads->submit(direction, files)) return false;
  ++jobs_;
  timers_.put(std::max(ready, now_), {Due::What::kReady, job, replica, direction, files});
  return true;
}

void StorageIo::step(Nanoseconds now, const std::vector<FlowId>& flows, std::vector<JobId>& ended) {
  now_ = std::max(now_, now);
  for (const FlowId flow : flows) flow_ended(flow, now_);
  while (timers_.is_due(now_)) due(timers_.take(), now_, ended);
  for (const std::uint32_t replica : touched_) begin_batches(replica, now_);
  touched_.clear();
}

void StorageIo::flow_ended(FlowId flow, Nanoseconds now) {
  const std::uint64_t number = Flows::number_of(flow);
  const auto place = flying_.find(number);
  if (place == flying_.end()) return deletes_ended(number, now);
  Flying& flying = place->second;
  if (--flying.flows == 0) timers_.put(std::max(now, flying.batch.earliest_end), {Due::What::kEnd, number});
}

void StorageIo::deletes_ended(std::uint64_t number, Nanoseconds now) {
  const auto place = deleting_.find(number);
  Deletes& deletes = deletes_.at(place->second);
  deleting_.erase(place);
  systems_[deletes.system].traffic.operations += std::exchange(deletes.under_way, 0);
  if (deletes.waiting > 0) start_deletes(deletes, now);
}

void StorageIo::due(const Due& due, Nanoseconds now, std::vector<JobId>& ended) {
  if (due.what == Due::What::kEnd) return finish(due.key, now, ended);
  replicas_[due.replica].threads->ready(due.direction, {due.key, due.files});
  touched_.insert(due.replica);
}

void StorageIo::finish(std::uint64_t number, Nanoseconds now, std::vector<JobId>& ended) {
  const auto place = flying_.find(number);
  const IoBatch& batch = place->second.batch;
  Replica& replica = replicas_[place->second.replica];
  StorageTraffic& traffic = systems_[replica.system].traffic;
  const std::uint64_t files = batch.files * replica.ranks;
  const bool is_read = batch.direction == IoDirection::kRead;
  (is_read ? traffic.read_bytes : traffic.written_bytes) += static_cast<double>(files) * replica.file_bytes;
  traffic.operations += files;
  for (const IoJob& job : batch.jobs) ended.push_back(job.id);
  jobs_ -= batch.jobs.size();
  replica.threads->end(batch, now);
  touched_.insert(place->second.replica);
  flying_.erase(place);
}

void StorageIo::begin_batches(std::uint32_t replica, Nanoseconds now) {
  IoBatch batch;
  while (replicas_[replica].threads->begin(now, batch)) start_flows(replica, std::move(batch));
}

void StorageIo::start_flows(std::uint32_t index, IoBatch batch) {
  const Replica& replica = replicas_[index];
  const bool is_read = batch.direction == IoDirection::kRead;
  const auto route = is_read ? &Topology::read : &Topology::write;
  const auto drives = is_read ? &Topology::drives_read : &Topology::drives_write;
  const double operation = operation_bytes(systems_[replica.system].settings, batch.direction);
  const double files = static_cast<double>(batch.files) * replica.ranks;
  const double rest = files * std::max(operation - replica.file_bytes, 0.0);
  const Nanoseconds begin = batch.begin;
  const std::uint64_t number = ++last_number_;
  flying_[number] = {index, rest > 0 ? 2 : 1, std::move(batch)};
  const Topology& topology = flows_.topology();
  flows_.start(begin, Flows::Kind::kStorageBytes, number, (topology.*route)(replica.system, replica.server),
               files * replica.file_bytes);
  if (rest > 0)
    flows_.start(begin, Flows::Kind::kStorageOperations, number,
                 (topology.*drives)(replica.system, replica.server), rest);
}

void StorageIo::remove(std::uint32_t system, std::uint32_t server, std::uint64_t files, Nanoseconds now) {
  const FlowEnds ends = flows_.topology().drives_write(system, server);
  Deletes& deletes = deletes_[ends.to_port];
  deletes.system = system;
  deletes.ends = ends;
  deletes.waiting += files;
  if (deletes.under_way == 0 && files > 0) start_deletes(deletes, std::max(now, now_));
}

void StorageIo::start_deletes(Deletes& deletes, Nanoseconds now) {
  deletes.under_way = std::exchange(deletes.waiting, 0);
  deleting_[++last_number_] = deletes.ends.to_port;
  const double each = operation_bytes(systems_[deletes.system].settings, IoDirection::kWrite);
  flows_.start(now, Flows::Kind::kStorageOperations, last_number_, deletes.ends,
               static_cast<double>(deletes.under_way) * each);
}

}  // namespace kvsim::sim
