// SPDX-License-Identifier: Apache-2.0
// What the simulation tells about itself. Recorders subscribe; nothing in the engine knows about reports.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "models/step_time.h"
#include "sim/metrics/groups.h"
#include "sim/metrics/routing_record.h"

namespace kvsim::sim {

enum class RequestStatus {
  kCompleted,
  kTimedOut,
  kRejectedTooLong,
  kRejectedNoRoute,  // no lawful endpoint, or filters left none
  kShed,             // by the router: saturation, a full queue, its TTL there
  kRouterFailed,     // the router itself was too slow
  kHandOverFailed,   // the KV of its prompt was lost between prefill and decode replica
  kLost,             // its replica failed, and nobody sent it again
};

// The life of one request, told once, at its end.
struct RequestRecord {
  std::uint64_t id = 0;
  RequestStatus status = RequestStatus::kCompleted;
  std::uint32_t pool = 0;     // meaningless when rejected
  std::uint32_t replica = 0;  // within the whole fleet
  std::uint32_t group = 0;    // model x class x tenant; see GroupTable
  std::int32_t stage = -1;
  std::uint32_t input_tokens = 0;
  std::uint32_t output_tokens = 0;       // generated (when timed out: so far)
  std::uint32_t hit_tokens = 0;          // of the first admission, in the GPU's cache
  std::uint32_t host_hit_tokens = 0;     // beyond these, loaded from host memory,
  std::uint32_t storage_hit_tokens = 0;  // or from storage (through the host in tiered mode)
  Nanoseconds load_wait = 0;             // within its queue time: waiting for loads from lower tiers
  std::uint32_t preemptions = 0;
  std::uint64_t recomputed_tokens = 0;           // computed again after preemption
  std::uint32_t predicted_hit_tokens = 0;        // by the router's index, where it has one
  std::optional<std::uint32_t> prefill_replica;  // computed the prompt; nothing: `replica` did
  std::uint32_t pulled_tokens = 0;               // whose KV came from there
  Nanoseconds prefill_queued = kNever;     // entered the prefill replica's queue; kNever: it reached none
  Nanoseconds prefill_scheduled = kNever;  // first admission there
  Nanoseconds prefill_ended = kNever;      // its answer left; until `queued`: hand-over
  Nanoseconds intended = 0;
  Nanoseconds arrival = 0;      // sent by the client
  Nanoseconds resent = kNever;  // the last time that it was sent again after a loss; kNever: never
  Nanoseconds routed =
      kNever;  // the router's decision; kNever: none. Before it: router's and flow control's queues
  Nanoseconds queued = 0;            // entered the replica's waiting queue
  Nanoseconds scheduled = 0;         // plan of its latest admission; kNever: not yet
  Nanoseconds first_token = kNever;  // received by the client
  Nanoseconds finished = 0;          // last token received, or the time of the timeout or rejection
};

// Its pool and replica mean something: it was completed or lost, or was on its way there when its client gave
// up.
inline bool reached_a_replica(const RequestRecord& record) {
  return record.status == RequestStatus::kCompleted || record.status == RequestStatus::kLost ||
         (record.status == RequestStatus::kTimedOut && record.routed != kNever);
}

// A row of engine steps of one batch, told when they have been executed.
struct StepRun {
  std::uint32_t replica = 0;
  Nanoseconds start = 0;
  Nanoseconds end = 0;
  std::uint64_t steps = 0;
  models::StepWork work;  // of its first step
};

// Gaps between the tokens of `sequences` sequences of one group: steps first_step .. last_step of `seconds`.
struct TokenGaps {
  std::uint32_t replica = 0;
  std::uint32_t group = 0;
  models::Line seconds;
  std::uint64_t first_step = 1;
  std::uint64_t last_step = 1;
  std::uint64_t sequences = 0;
};

// What a replica moved between its tiers so far. Bytes are over all ranks.
struct TierTotals {
  std::uint64_t host_hit_tokens = 0;  // first admissions
  std::uint64_t storage_hit_tokens = 0;
  double to_host_bytes = 0;  // copied from the GPU
  double to_gpu_bytes = 0;
  double storage_written_bytes = 0;
  double storage_read_bytes = 0;
  std::uint64_t loads = 0;
  std::uint64_t pulls = 0;  // of KV from prefill replicas
  double pulled_bytes = 0;
  std::uint64_t host_evicted_blocks = 0;
  std::uint64_t host_expired_blocks = 0;
  std::uint64_t host_erased_blocks = 0;
  std::uint64_t skipped_store_blocks = 0;  // no room could be made in the host tier
  std::uint64_t dropped_write_blocks = 0;  // the queue to storage was too long, or storage full
  std::uint64_t refused_promotion_blocks = 0;
  std::uint64_t host_used_bytes = 0;  // now
  std::uint64_t host_capacity_bytes = 0;
};

// One storage system at a sampling time; counters are totals. A local system is summed over servers.
struct StorageSnapshot {
  std::uint64_t used_bytes = 0;
  std::uint64_t capacity_bytes = 0;
  std::uint64_t blocks = 0;
  std::uint64_t files = 0;  // blocks x ranks of who wrote them
  std::uint64_t written_blocks = 0;
  std::uint64_t evicted_blocks = 0;
  std::uint64_t expired_blocks = 0;
  std::uint64_t erased_blocks = 0;
  std::uint64_t refused_blocks = 0;  // writes that found it full
  double written_bytes = 0;
  double read_bytes = 0;
  std::uint64_t operations = 0;  // files written, read, deleted
};

// A link of the fabric in one direction, or the GPU-host copies of a pool in one direction.
struct LinkInfo {
  enum class Kind { kCopy, kNic, kLeaf, kSite, kStorage, kPeer } kind = Kind::kNic;
  std::string name;             // "server 3 in", "pool gpu to host", "storage scale read"
  double bytes_per_second = 0;  // capacity; of copies: of all replicas together at large blocks
};

// The oldest KV that a tier holds for a tenant.
struct OldestKv {
  std::string tier;          // "host" or the name of a storage system
  std::uint32_t tenant = 0;  // index into the source's names
  Nanoseconds age = 0;
};

// State of one replica after its last step that ended at or before the sampling time. Counters are totals.
struct ReplicaSnapshot {
  Nanoseconds time = 0;
  std::uint64_t running = 0;
  std::uint64_t waiting = 0;
  std::uint64_t used_blocks = 0;  // total - free: cached blocks without holder count as free
  std::uint64_t cached_blocks = 0;
  std::uint64_t total_blocks = 0;
  std::uint64_t prompt_tokens = 0;  // computed by prefill so far
  std::uint64_t generated_tokens = 0;
  std::uint64_t queried_tokens = 0;  // prompt tokens looked up at first admissions
  std::uint64_t hit_tokens = 0;
  std::uint64_t preemptions = 0;
  std::uint64_t evicted_blocks = 0;
  TierTotals tiers;
  double busy_seconds = 0;  // steps executed so far
  double ideal_compute_seconds = 0;
  double ideal_memory_seconds = 0;
};

struct TierSample {
  Nanoseconds time = 0;
  Nanoseconds width = 0;  // since the sample before
  std::vector<StorageSnapshot> storage;
  std::vector<double> carried_bytes;  // by link
  std::vector<OldestKv> oldest;
};

// KV that one tenant's requests moved between the tiers of a replica, over all ranks.
struct TenantKv {
  double to_host_bytes = 0;  // from the GPU
  double to_gpu_bytes = 0;   // from the host
  double storage_written_bytes = 0;
  double storage_read_bytes = 0;  // into the host where there is one, else into the GPU
};

// Whether a replica serves: up; the same but taking no new requests; down; up again but not serving yet.
enum class ReplicaState : std::uint8_t { kUp, kDraining, kDown, kStarting };

class Observer {
 public:
  virtual ~Observer() = default;
  // A new entry of the run's GroupTable, told before anything else about that group.
  virtual void on_group(std::uint32_t /*index*/, const Group&) {}
  virtual void on_arrival(Nanoseconds /*time*/, std::uint32_t /*group*/) {}
  virtual void on_finished(const RequestRecord&) {}
  virtual void on_routed(const RoutingRecord&) {}  // of the requests that RunOptions::explain picks
  virtual void on_steps(const StepRun&) {}
  virtual void on_gaps(const TokenGaps&) {}
  // All replicas at one sampling time, in order of replica. `width` is the time since the sample before.
  virtual void on_sample(Nanoseconds /*time*/, Nanoseconds /*width*/, const ReplicaSnapshot* /*replicas*/,
                         std::uint32_t /*count*/) {}
  // Where the fleet has outages: what becomes of a replica, all being up at first; and that a request was
  // lost with it, told when that is noticed.
  virtual void on_replica(Nanoseconds /*time*/, std::uint32_t /*replica*/, ReplicaState) {}
  virtual void on_lost(Nanoseconds /*time*/, std::uint32_t /*replica*/, bool /*sent_again*/) {}
  // Where the fleet has tiers: its links once, before anything else; and after each on_sample the storage
  // systems in the fleet's order, the bytes that each link has carried so far, and the oldest KV at rest.
  virtual void on_links(const std::vector<LinkInfo>&) {}
  virtual void on_tiers(const TierSample&) {}
  // At the end of the run for each replica with tiers, by tenant as the source's names have them.
  virtual void on_tenant_kv(std::uint32_t /*replica*/, const std::vector<TenantKv>&) {}
};

}  // namespace kvsim::sim
