// SPDX-License-Identifier: Apache-2.0
// Files on their way to and from storage systems: batches that the threads let begin, as flows of a fabric.
// Semantics: sim/fabric/transfers.h.
#pragma once

#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "sim/fabric/flows.h"
#include "sim/fabric/storage_threads.h"
#include "sim/fabric/timers.h"
#include "sim/fabric/transfers.h"

namespace kvsim::sim {

class StorageIo {
 public:
  StorageIo(Flows& flows, std::vector<StorageSystemSettings> systems,
            const std::vector<ReplicaTransfers>& replicas);

  // False when a write is dropped.
  bool submit(IoDirection direction, JobId job, std::uint32_t replica, std::uint64_t files,
              Nanoseconds ready);
  void remove(std::uint32_t system, std::uint32_t server, std::uint64_t files, Nanoseconds now);

  Nanoseconds next() const { return std::max(now_, timers_.next()); }  // of its own; flows apart
  // Its flows that have ended at `now`, and its own timers; appends jobs in no order.
  void step(Nanoseconds now, const std::vector<FlowId>& flows, std::vector<JobId>& ended);
  bool idle() const { return jobs_ == 0; }

  const StorageTraffic& traffic(std::uint32_t system) const { return systems_[system].traffic; }

 private:
  struct System {
    StorageSystemSettings settings;
    StorageTraffic traffic;
  };
  struct Replica {
    std::uint32_t server = 0;
    std::uint32_t system = 0;
    std::uint32_t ranks = 1;
    double file_bytes = 0;
    std::optional<StorageThreads> threads;  // nothing: no storage
  };
  struct Flying {
    std::uint32_t replica = 0;
    int flows = 0;  // that have not ended
    IoBatch batch;
  };
  struct Deletes {
    std::uint32_t system = 0;
    FlowEnds ends;
    std::uint64_t waiting = 0;  // files
    std::uint64_t under_way = 0;
  };
  // A batch that ends, or a job that is ready.
  struct Due {
    enum class What { kEnd, kReady } what = What::kEnd;
    std::uint64_t key = 0;  // batch or job
    std::uint32_t replica = 0;
    IoDirection direction = IoDirection::kRead;
    std::uint64_t files = 0;
    auto operator<=>(const Due& other) const = default;
  };

  void flow_ended(FlowId flow, Nanoseconds now);
  void deletes_ended(std::uint64_t number, Nanoseconds now);
  void due(const Due& due, Nanoseconds now, std::vector<JobId>& ended);
  void finish(std::uint64_t number, Nanoseconds now, std::vector<JobId>& ended);
  void begin_batches(std::uint32_t replica, Nanoseconds now);
  void start_flows(std::uint32_t replica, IoBatch batch);
  void start_deletes(Deletes& deletes, Nanoseconds now);

  Flows& flows_;  // numbers are of a batch or of deletes
  std::vector<System> systems_;
  std::vector<Replica> replicas_;
  Timers<Due> timers_;
  std::map<std::uint64_t, Flying> flying_;           // by number
  std::map<std::uint32_t, Deletes> deletes_;         // by the port of the drives
  std::map<std::uint64_t, std::uint32_t> deleting_;  // number to port of the drives
  std::set<std::uint32_t> touched_;                  // replicas whose threads may let a batch begin
  std::uint64_t last_number_ = 0;
  Nanoseconds now_ = 0;
  std::uint64_t jobs_ = 0;
};

}  // namespace kvsim::sim
