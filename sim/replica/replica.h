// SPDX-License-Identifier: Apache-2.0
// One engine: requests in, tokens out, batch by batch. It keeps no clock: the owner asks when it next wants
// to be woken and wakes it then. Under async scheduling one more step is planned while one runs, so a plan
// knows nothing of requests that came, or blocks that were freed, during the step before it.
//
// Rows of like decode steps are taken in one go (fast-forward) unless `reference` is set, which wakes at
// every step. Both go through the same plans at the same times, so results are the same to the byte.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/step_time.h"
#include "sim/kv/prefix_cache_memory.h"
#include "sim/metrics/observer.h"
#include "sim/replica/batch.h"
#include "sim/replica/block_room.h"
#include "sim/replica/cache_event_log.h"
#include "sim/replica/engine_settings.h"
#include "sim/replica/forecast.h"
#include "sim/replica/offload_connector.h"
#include "sim/replica/scheduler.h"

namespace kvsim::sim {

struct ReplicaSettings {
  std::uint32_t index = 0;  // within the fleet
  EngineSettings engine;
  std::uint64_t kv_blocks = 0;  // usable
  std::shared_ptr<const models::StepTimeModel> step_time;
  bool reference = false;
  std::optional<OffloadContext> offload;  // nothing: no tiers under the GPU's cache
  std::optional<PullContext> pulls;       // nothing: no other replica prefills for it
  bool cache_events = false;              // somebody listens to what its cache does
};

// What the engine is asked to do.
struct EngineRequest {
  std::uint32_t slot = 0;
  std::uint32_t group = 0;
  std::uint64_t salt = 0;
  std::int32_t priority = 0;
  std::uint32_t output_tokens = 1;
  bool announced_stop = true;
  std::vector<traces::Piece> prompt;
  std::uint32_t prompt_tokens = 0;
  std::uint64_t output_stream = 0;
  BlockOwner owner;                // of what it leaves in the tiers
  bool prefill_only = false;       // its one token is dropped and its blocks stay until release()
  std::optional<RemoteKv> remote;  // another replica has its prompt's KV
};

// What became of it: told when its last token leaves the engine, or when it is aborted.
struct EngineAnswer {
  std::uint32_t slot = 0;
  Nanoseconds queued = 0;
  Nanoseconds scheduled = kNever;
  Nanoseconds first_token = kNever;
  std::uint32_t output_tokens = 0;
  std::uint32_t hit_tokens = 0;  // in the GPU's cache
  std::uint32_t host_hit_tokens = 0;
  std::uint32_t storage_hit_tokens = 0;
  std::uint32_t preemptions = 0;
  std::uint64_t recomputed_tokens = 0;
  Nanoseconds load_wait = 0;  // also for pulls
  std::uint32_t pulled_tokens = 0;
  bool prefill_only = false;
  Sequence* held = nullptr;  // with the blocks of a prefill_only request; nullptr: it lost them to preemption
};

// What an engine's metrics endpoint says.
struct ReplicaGauges {
  double waiting = 0;
  double running = 0;
  double kv_usage = 0;
};

// What became of requests at a step boundary.
struct EngineNews {
  std::vector<std::uint32_t> first_tokens;  // slots of those whose first token is there
  std::vector<EngineAnswer> answers;        // those that are over, in order of admission
  void clear() { first_tokens.clear(), answers.clear(); }
};

// What an engine leaves behind that stops in the midst of its work.
struct EngineWreck {
  std::vector<EngineAnswer> lost;  // the requests that were in it, as far as they got, in order of slots
  std::vector<JobId> under_way;    // transfers that nobody waits for any more
  ReplicaSnapshot work;            // what it has done
  std::vector<TenantKv> moved;     // by tenant; empty without tiers
};

class Replica {
 public:
  Replica(const ReplicaSettings& settings, Observer& observer);
  ~Replica();

  // The request enters the waiting queue at `now`; the first step boundary at or after `seen_from` may see it
  // (`now`, or just later when boundaries at `now` are over). The handle stays good until its answer is told.
  Sequence* enqueue(Nanoseconds now, Nanoseconds seen_from, EngineRequest request);

  // The client is gone: what the request got so far. Its blocks are freed at such a boundary.
  EngineAnswer abort(Nanoseconds now, Nanoseconds seen_from, Sequence* sequence);

  // One of its transfers has ended (sim/fabric/transfers.h). Comes back: what it has read of another replica.
  std::optional<HoldId> transfer_ended(Nanoseconds now, Nanoseconds seen_from, JobId job);

  // Nobody will read them (any more): frees the blocks that a prefill_only request left behind.
  void release(Nanoseconds now, Nanoseconds seen_from, Sequence* held);
  // What a waiting request was offered is gone: it computes its prompt itself.
  void lose_remote(Nanoseconds now, Nanoseconds seen_from, Sequence* sequence);

  // It stops at `now`: steps that had not ended at the last such boundary before are lost. Call nothing else
  // after it.
  EngineWreck crash(Nanoseconds now, Nanoseconds seen_from);
  // Nothing is in it or on its way in or out, and nobody wants any of its blocks.
  bool idle() const;

  void erase_tenant(std::uint32_t tenant, Nanoseconds now);
  void erase_session(std::uint64_t session, Nanoseconds now);
  BlockStore* host_tier() { return connector_ ? connector_->host() : nullptr; }
  // What its tiers moved so far, by tenant; nullptr without tiers.
  const std::vector<TenantKv>* moved_by_tenant() const {
    return connector_ ? &connector_->moved_by_tenant() : nullptr;
  }

  // When wake() wants to be called next; kNever while there is nothing to do. Changes only in the calls above
  // and below.
  Nanoseconds next_wake() const { return next_wake_; }

  // A step boundary. `news` is added to.
  void wake(Nanoseconds now, EngineNews& news);

  // State after the last step that ended at or before `now`.
  ReplicaSnapshot snapshot(Nanoseconds now);
  ReplicaGauges gauges(Nanoseconds now, bool with_kv_usage) const;

  // Of the batch that runs, by its first step; 0: none does.
  double tokens_per_second() const {
    return current_.empty() ? 0 : static_cast<double>(current_.samples) / current_.cost.seconds.first;
  }

  // What its caches have told since the last call, with the times at which it gets out.
  void take_events(std::vector<StampedCacheEvent>& events);
  // Lets out also what steps within a row have done, up to the last one that ended at or before `now`.
  void publish_events(Nanoseconds now);

  // --- what no router sees ---
  // State after the last step that ended before `seen_from`, as enqueue() has it.
  std::uint64_t cached_tokens(Nanoseconds seen_from, std::uint64_t salt,
                              const std::vector<traces::Piece>& prompt);
  // Of a prompt that would enter the queue now (sim/replica/forecast.h); infinite where it never fits.
  double ttft_seconds(Nanoseconds now, Nanoseconds seen_from, std::uint64_t salt,
                      const std::vector<traces::Piece>& prompt);

 private:
  void complete(Nanoseconds now, EngineNews& news);
  void count(const Batch& batch);
  void publish(Nanoseconds now, Nanoseconds time);
  void tell(const Batch& batch) const;
  void drop_aborted(Nanoseconds now);
  void forget(Sequence* sequence, Nanoseconds now);
  void finish(Sequence* sequence, EngineNews& news);
  void leave_after_transfer(Sequence* sequence, bool loaded, Nanoseconds seen_from);
  void refill(Nanoseconds now, EngineNews& news);
  void adopt(Batch& planned);
  bool goes_on(const Batch& planned) const;
  bool is_over(const Batch& batch) const;
  void bring_to(std::uint64_t planned, std::uint64_t ended);
  void bring_to_boundary_before(Nanoseconds seen_from);
  std::uint64_t ended_by(Nanoseconds now) const;
  std::uint64_t planned_by(std::uint64_t ended) const;
  std::uint64_t free_blocks_by(Nanoseconds now) const;
  void choose_wake();
  void wake_at_boundary(Nanoseconds now, Nanoseconds seen_from);
  std::uint64_t in_flight() const;
  EngineAnswer answer_of(const Sequence& sequence, std::uint64_t unseen_tokens) const;
  std::uint64_t unseen_tokens(const Sequence& sequence) const;
  void forecast_running(const Sequence& sequence, ForecastState& state) const;
  void forecast_waiting(const Sequence& sequence, ForecastState& state) const;
  ForecastSequence forecast_new(std::uint64_t salt, const std::vector<traces::Piece>& prompt) const;
  ForecastSequence found_in_cache(std::uint64_t salt, const std::vector<traces::Piece>& content,
                                  std::uint64_t tokens) const;

  ReplicaSettings settings_;
  Observer& observer_;
  CacheEventLog events_;
  PrefixCache cache_;
  std::optional<OffloadConnector> connector_;
  std::optional<PullConnector> pulls_;
  Scheduler scheduler_;
  std::uint64_t ahead_;  // steps planned while one runs

  Batch current_;  // running; empty when idle
  Batch next_;     // planned to follow it, when that is already known
  Batch scratch_;
  std::uint64_t plan_limit_ = 0;  // steps of current_ that are sure to be planned alike
  BlockRoom room_;                // of current_, where more steps are sure
  std::uint64_t wake_step_ = 0;   // of current_
  Nanoseconds next_wake_ = kNever;
  bool aborts_pending_ = false;
  std::uint64_t serial_ = 0;

  Slab<Sequence> sequences_;
  ReplicaSnapshot totals_;  // of batches that have ended
  Nanoseconds busy_ = 0;
};

}  // namespace kvsim::sim
