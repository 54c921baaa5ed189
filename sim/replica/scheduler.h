// SPDX-License-Identifier: Apache-2.0
// vLLM v1's scheduler: who gets how many tokens in the next step. Running requests first, in order of
// admission; then waiting ones from the queue's head, if nothing was preempted. It owns the running list, the
// waiting queue and the block pool's holders.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/kv/prefix_cache.h"
#include "sim/replica/batch.h"
#include "sim/replica/engine_settings.h"
#include "sim/replica/sequence.h"
#include "sim/replica/waiting_queue.h"

namespace kvsim::sim {

// What the plan of a step may know.
struct PlanMoment {
  Nanoseconds now = 0;                // when the plan is made
  Nanoseconds start = 0;              // when its step starts: later than `now` under async scheduling
  std::uint64_t batch_in_flight = 0;  // serial of the batch whose last steps have not ended; 0: none
  std::uint64_t steps_in_flight =
      0;  // planned steps of it that have not ended: their samples are not known yet
};

struct SchedulerCounters {
  std::uint64_t queried_tokens = 0;  // prompt tokens looked up at first admissions
  std::uint64_t hit_tokens = 0;
  std::uint64_t preemptions = 0;
};

class Scheduler {
 public:
  Scheduler(const EngineSettings& settings, PrefixCache& cache);

  void add(Sequence& sequence);     // into the waiting queue
  void remove(Sequence& sequence);  // finished or aborted: drops its blocks, wherever it is

  // Plans one step into `batch` (cleared first; empty when there is nothing to do) and carries it out on the
  // state. Work, members and steadiness are filled in; cost and serial are the caller's.
  void plan(const PlanMoment& moment, Batch& batch);

  // How many further plans would each do nothing but go on with `batch`, the last one planned.
  std::uint64_t steady_plans(const Batch& batch) const;
  // Carries out `steps` of those plans at once. `in_flight`: steps that had not ended right after each of
  // them.
  void advance(Batch& batch, std::uint64_t steps, std::uint64_t in_flight);

  // The last plan preempted a request: an empty one says nothing about those that it did not reach.
  bool just_preempted() const { return preempted_; }
  bool has_work() const { return !running_.empty() || !waiting_.empty(); }
  // Puts every block whose content is known into the cache's index.
  void settle();
  // The next plan would only go on with `batch`, the last one planned: nobody waits, nothing ends, blocks
  // last.
  bool would_go_on(const Batch& batch) const;
  bool would_admit_new(
      const Sequence& sequence) const;  // could the next plan differ because it was just added?
  const std::vector<Sequence*>& running() const { return running_; }
  std::size_t waiting() const { return waiting_.size(); }
  const SchedulerCounters& counters() const { return counters_; }

 private:
  struct Grant {
    Sequence* sequence = nullptr;
    std::uint64_t before = 0;  // computed tokens before the step
    std::uint32_t tokens = 0;
    bool sampled = false;
    bool wasted = false;  // already done, which the engine has not seen yet
  };

  void serve_running();
  void serve(Sequence& sequence, std::size_t& place);
  std::uint64_t running_grant(const Sequence& sequence) const;
  bool make_room(Sequence& sequence, std::uint64_t blocks, std::size_t& place);
  Sequence* victim() const;
  void preempt(Sequence& sequence, std::size_t& place);
  void take_back_grant(const Sequence& sequence);
  void waste_slot(Sequence& sequence);
  void admit_waiting();
  bool admit(Sequence& sequence);
  bool fits(const Sequence& sequence, const PrefixMatch& match, std::uint64_t grant) const;
  void note_admission(Sequence& sequence, std::uint64_t hit_tokens);
  void give(Sequence& sequence, std::uint64_t tokens);
  void settle(Sequence& sequence);
  PrefixMatch match(Sequence& sequence);
  void settle_others(const Sequence& sequence);
  std::uint64_t in_flight(const Sequence& sequence) const;
  std::uint64_t blocks_for(std::uint64_t tokens) const;
  std::uint64_t blocks_missing(const Sequence& sequence, std::uint64_t tokens) const;
  void update_answer(Sequence& sequence, std::uint64_t answer_tokens);
  void describe(Batch& batch);
  void describe_sample(const Grant& grant, bool decodes, Batch& batch);
  std::uint64_t plans_until_shortage(const Batch& batch, std::uint64_t limit) const;
  std::uint64_t blocks_missing(const Batch& batch, std::uint64_t steps) const;

  EngineSettings settings_;
  PrefixCache& cache_;
  WaitingQueue waiting_;
  std::vector<Sequence*> running_;
  SchedulerCounters counters_;

  PlanMoment moment_;  // of the plan being made
  std::uint64_t budget_ = 0;
  bool preempted_ = false;
  bool stopped_ = false;             // pass 1 ended because the requester itself was preempted
  bool head_may_fit_later_ = false;  // the blocked head's cache hit may grow while others run
  std::vector<Grant> grants_;
};

}  // namespace kvsim::sim
