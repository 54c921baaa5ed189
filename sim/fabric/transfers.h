// SPDX-License-Identifier: Apache-2.0
// Everything that a run moves between tiers: GPU-host copies and files to and from storage. A job is
// submitted with the moment at which it may begin, perhaps in the future, and comes back from take_ended()
// when it is done. Jobs that end at one instant come in ascending order of their ids; ids are the caller's.
//
//   GPU-host copies   one queue for each replica and direction, strictly first in, first out: a copy begins
//                     when it is ready and the one before has ended; n copies of S bytes take n (t0 + S / B)
//                     [vLLM's offloading workers: one stream a direction]
//   storage           one flow a batch: a job that reads, or the writes of a replica that begin together; its
//                     threads say when (sim/fabric/storage_threads.h; llm-d's file-system backend)
//       a batch ends  at max(end of its flows, begin + what its threads need at least)
//       a file moves  its bytes over all links on its way; where the storage system's bandwidth divided by
//                     its operations per second is more than that, the rest loads the drives alone, as a
//                     second flow: a file takes max(its bytes, bandwidth / operations per second) of them
//       a delete      takes bandwidth / operations per second of the drives, of writing; deletes that come
//                     while others are under way become one flow
//   dropped writes    when the files that wait would take longer than queue_limit_seconds
//   pulls             KV from one replica to another: one flow over both replicas' shares of the NICs, the
//                     NICs, leaf switches and site links between them, which storage traffic uses as well;
//                     within one server bytes / the smaller of their local rates, and nobody shares that. A
//                     pull takes a nanosecond at least: what ends at a plan's own instant would come too late
//                     for it
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "sim/fabric/fabric.h"
#include "sim/fabric/topology.h"
#include "sim/kv/tier_settings.h"

namespace kvsim::sim {

using JobId = std::uint64_t;

enum class CopyDirection { kToHost, kToGpu };

struct ReplicaTransfers {    // what Transfers must know of one replica
  std::uint32_t server = 0;  // index into TopologyInput::servers
  KvTierSettings tiers;
  double local_bytes_per_second = 0;  // of pulls between replicas of one server; 0: they take no time
};

struct Pull {
  JobId job = 0;
  std::uint32_t from = 0, to = 0;  // replicas
  double bytes = 0;
};

// Files and bytes that a storage system has moved so far.
struct StorageTraffic {
  double written_bytes = 0;
  double read_bytes = 0;
  std::uint64_t operations = 0;
};

// What makes the input of Transfers unusable, in words. Empty when it is sound.
std::vector<std::string> faults(const TopologyInput& topology,
                                const std::vector<StorageSystemSettings>& storage,
                                const std::vector<ReplicaTransfers>& replicas);

class Transfers {
 public:
  // The fabric is made when the first flow starts, never before. `storage` lies beside topology.storage.
  // Error(kBadInput): all faults, in words.
  Transfers(const TopologyInput& topology, std::vector<StorageSystemSettings> storage,
            std::vector<ReplicaTransfers> replicas);
  ~Transfers();
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  // Copies `blocks` offload blocks, not before `ready` (which never falls for one replica and direction).
  // Returns when it will have ended.
  Nanoseconds copy(JobId job, std::uint32_t replica, CopyDirection direction, std::uint64_t blocks,
                   Nanoseconds ready);

  // Files of `blocks` offload blocks, one of each rank. Error(kInternal): the replica has no storage.
  void read(JobId job, std::uint32_t replica, std::uint64_t blocks, Nanoseconds ready);
  // False when the write is dropped; nothing comes back then.
  bool write(JobId job, std::uint32_t replica, std::uint64_t blocks, Nanoseconds now, Nanoseconds ready);
  // Deletes files on a storage system; nobody waits for it, it only takes its share of operations. `server`:
  // of a local system, the one whose drives hold the files; of a shared one it does not matter.
  void remove(std::uint32_t system, std::uint32_t server, std::uint64_t files, Nanoseconds now);
  // Error(kInternal), when it begins: no peers of one group (TopologyInput::peers).
  void pull(const Pull& pull, Nanoseconds ready);
  // A plain timer: a lookup that takes its time.
  void wait(JobId job, Nanoseconds until);

  Nanoseconds next();  // when the next job may end or go on; kNever
  void take_ended(Nanoseconds now, std::vector<JobId>& ended);
  bool idle() const;  // no job is under way

  const StorageTraffic& traffic(std::uint32_t system) const;
  double copied_bytes(std::uint32_t replica, CopyDirection direction) const;  // of copies submitted
  // Links of the fabric, and what each has carried until `now`; empty while there is no storage and no peer.
  const std::vector<TopologyLink>& links() const;
  void carried(Nanoseconds now, std::vector<double>& bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kvsim::sim
