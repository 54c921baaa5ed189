// SPDX-License-Identifier: Apache-2.0
// vLLM v1's scheduler: who gets how many tokens in the next step. Running requests first, in order of
// admission; then, if nothing was preempted, those that were set aside for a lower tier and may go on, and
// waiting ones from the queue's head. It owns the running list, the waiting queue and the block pool's
// holders.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/kv/prefix_cache.h"
#include "sim/replica/batch.h"
#include "sim/replica/engine_settings.h"
#include "sim/replica/offload_connector.h"
#include "sim/replica/pull_connector.h"
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
  // `connector` is nullptr where there are no tiers, `pulls` where no other replica prefills.
  Scheduler(const EngineSettings& settings, PrefixCache& cache, OffloadConnector* connector,
            PullConnector* pulls);

  void add(Sequence& sequence);  // into the waiting queue
  // Finished or aborted: takes it off its list, wherever it is. True: it is gone with its blocks. False: a
  // transfer still uses them; transfer_ended() will say true.
  bool remove(Sequence& sequence);
  // Finished: its blocks stay as they are until release(). True there: it is gone with them; see remove().
  void hold(Sequence& sequence);
  bool release(Sequence& sequence);
  std::uint64_t held() const { return held_; }  // requests whose blocks are held so
  // A store, load or pull of the sequence has ended. True: it was leaving and is gone now.
  bool transfer_ended(Sequence& sequence, bool loaded);

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
  bool has_work() const { return !running_.empty() || waits(); }
  bool waits() const { return !waiting_.empty() || !aside_.empty(); }
  void settle();  // puts every block whose content is known into the cache's index
  // Blocks whose content is known and that are not in the cache's index yet.
  std::uint64_t unsettled_blocks() const;
  // The next plan would only go on with `batch`, the last one planned: nobody waits, nothing ends, blocks
  // last.
  bool would_go_on(const Batch& batch) const;
  bool would_admit_new(
      const Sequence& sequence) const;  // could the next plan differ because it was just added?
  const std::vector<Sequence*>& running() const { return running_; }
  const std::vector<Sequence*>& set_aside() const { return aside_; }
  template <class Visit>
  void visit_queue(const Visit& see) const {  // in order, without those set aside
    waiting_.visit(see);
  }
  std::size_t waiting() const { return waiting_.size() + aside_.size(); }
  const SchedulerCounters& counters() const { return counters_; }

 private:
  struct Grant {
    Sequence* sequence = nullptr;
    std::uint32_t before = 0;  // computed tokens before the step
    std::uint32_t tokens = 0;
    bool sampled = false;
    bool wasted = false;  // already done, which the engine has not seen yet
  };

  enum class Admission { kDone, kSetAside, kStop };

  void serve_running();
  void serve(Sequence& sequence, std::size_t& place);
  std::uint64_t running_grant(const Sequence& sequence) const;
  bool make_room(Sequence& sequence, std::uint64_t blocks, std::size_t& place);
  Sequence* victim() const;
  void preempt(Sequence& sequence, std::size_t& place);
  void take_back_grant(const Sequence& sequence);
  void waste_slot(Sequence& sequence);
  bool has_seat() const { return budget_ > 0 && running_.size() < settings_.max_num_seqs; }
  void admit_waiting();
  bool admit_aside();
  Admission admit(Sequence& sequence);
  Admission admit_loaded(Sequence& sequence);
  Admission start_load(Sequence& sequence, const PrefixMatch& match);
  Admission start_pull(Sequence& sequence, const PrefixMatch& match);
  void take_all_blocks(Sequence& sequence, const PrefixMatch& match, std::uint64_t computed);
  bool leave(Sequence& sequence);
  static bool in_transfer(const Sequence& sequence);
  bool look_below(Sequence& sequence, std::uint64_t hit_tokens);
  Admission set_aside(Sequence& sequence);
  bool may_go_on(const Sequence& sequence) const;
  void take_off_queue(Sequence& sequence);
  void run(Sequence& sequence, std::uint64_t grant);
  std::uint64_t capped(std::uint64_t grant) const;
  bool fits(const Sequence& sequence, const PrefixMatch& match, std::uint64_t grant) const;
  bool fits(std::uint64_t blocks) const;
  std::uint64_t promised_blocks() const;
  void note_load_wait(Sequence& sequence) const;
  void note_hits(Sequence& sequence, std::uint64_t hit_tokens);
  void use_tiers();
  void give(Sequence& sequence, std::uint64_t tokens);
  void settle(Sequence& sequence);
  PrefixMatch match(Sequence& sequence);
  void settle_others(const Sequence& sequence);
  std::uint64_t in_flight(const Sequence& sequence) const;
  std::uint64_t blocks_for(std::uint64_t tokens) const;
  std::uint64_t blocks_missing(const Sequence& sequence, std::uint64_t tokens) const;
  void update_answer(Sequence& sequence, std::uint64_t answer_tokens);
  void describe(Batch& batch);
  void note_late_start();
  void describe_sample(const Grant& grant, bool decodes, Batch& batch);
  std::uint64_t plans_until_shortage(const Batch& batch, std::uint64_t limit) const;
  std::uint64_t blocks_missing(const Batch& batch, std::uint64_t steps) const;

  EngineSettings settings_;
  PrefixCache& cache_;
  OffloadConnector* connector_;
  PullConnector* pulls_;
  WaitingQueue waiting_;
  std::vector<Sequence*> aside_;  // kAside, kLoading and kLoaded, in the order in which they were set aside
  std::vector<Sequence*> running_;
  SchedulerCounters counters_;
  std::uint64_t held_ = 0;

  PlanMoment moment_;           // of the plan being made
  Nanoseconds not_before_ = 0;  // its step starts then at the earliest: copies to wait for, lookups
  std::uint64_t plans_ = 0;     // made so far
  std::uint64_t budget_ = 0;
  bool preempted_ = false;
  bool stopped_ = false;             // pass 1 ended because the requester itself was preempted
  bool head_may_fit_later_ = false;  // the blocked head's cache hit may grow while others run
  std::vector<Grant> grants_;
};

}  // namespace kvsim::sim
