// SPDX-License-Identifier: Apache-2.0
// What the simulation tells about itself. Recorders subscribe; nothing in the engine knows about reports.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "models/step_time.h"
#include "sim/metrics/groups.h"

namespace kvsim::sim {

enum class RequestStatus { kCompleted, kTimedOut, kRejectedTooLong, kRejectedNoRoute };

// The life of one request, told once, at its end.
struct RequestRecord {
  std::uint64_t id = 0;
  RequestStatus status = RequestStatus::kCompleted;
  std::uint32_t pool = 0;     // meaningless when rejected
  std::uint32_t replica = 0;  // within the whole fleet
  std::uint32_t group = 0;    // model x class x tenant; see GroupTable
  std::int32_t stage = -1;
  std::uint32_t input_tokens = 0;
  std::uint32_t output_tokens = 0;  // generated (when timed out: so far)
  std::uint32_t hit_tokens = 0;     // of the first admission
  std::uint32_t preemptions = 0;
  std::uint64_t recomputed_tokens = 0;  // computed again after preemption
  Nanoseconds intended = 0;
  Nanoseconds arrival = 0;           // sent by the client
  Nanoseconds queued = 0;            // entered the replica's waiting queue
  Nanoseconds scheduled = 0;         // plan of its latest admission; kNever: not yet
  Nanoseconds first_token = kNever;  // received by the client
  Nanoseconds finished = 0;          // last token received, or the time of the timeout or rejection
};

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
  double busy_seconds = 0;  // steps executed so far
  double ideal_compute_seconds = 0;
  double ideal_memory_seconds = 0;
};

class Observer {
 public:
  virtual ~Observer() = default;
  // A new entry of the run's GroupTable, told before anything else about that group.
  virtual void on_group(std::uint32_t /*index*/, const Group&) {}
  virtual void on_arrival(Nanoseconds /*time*/, std::uint32_t /*group*/) {}
  virtual void on_finished(const RequestRecord&) {}
  virtual void on_steps(const StepRun&) {}
  virtual void on_gaps(const TokenGaps&) {}
  // All replicas at one sampling time, in order of replica. `width` is the time since the sample before.
  virtual void on_sample(Nanoseconds /*time*/, Nanoseconds /*width*/, const ReplicaSnapshot* /*replicas*/,
                         std::uint32_t /*count*/) {}
};

}  // namespace kvsim::sim
