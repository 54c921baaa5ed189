// SPDX-License-Identifier: Apache-2.0
#include "sim/replica/scheduler.h"

#include <algorithm>

namespace kvsim::sim {

Scheduler::Scheduler(const EngineSettings& settings, PrefixCache& cache, OffloadConnector* connector,
                     PullConnector* pulls)
    : settings_(settings), cache_(cache), connector_(connector), pulls_(pulls), waiting_(settings.policy) {}

void Scheduler::add(Sequence& sequence) { waiting_.push(sequence); }

bool Scheduler::remove(Sequence& sequence) {
  if (sequence.state == SequenceState::kRunning) {
    sequence.known = sequence.computed;
    settle(sequence);
    running_.erase(std::find(running_.begin(), running_.end(), &sequence));
  } else {
    take_off_queue(sequence);
  }
  return leave(sequence);
}

void Scheduler::hold(Sequence& sequence) {
  sequence.known = sequence.computed;
  settle(sequence);
  running_.erase(std::find(running_.begin(), running_.end(), &sequence));
  sequence.state = SequenceState::kHeld;
  ++held_;
}

bool Scheduler::release(Sequence& sequence) {
  --held_;
  return leave(sequence);
}

bool Scheduler::leave(Sequence& sequence) {
  if (in_transfer(sequence)) {
    sequence.state = SequenceState::kLeaving;
    return false;
  }
  cache_.release(sequence.blocks);
  return true;
}

bool Scheduler::transfer_ended(Sequence& sequence, bool loaded) {
  if (loaded && sequence.state == SequenceState::kLoading) sequence.state = SequenceState::kLoaded;
  if (sequence.state != SequenceState::kLeaving) return false;
  return leave(sequence);
}

bool Scheduler::in_transfer(const Sequence& sequence) {
  return (sequence.offload && sequence.offload->jobs > 0) || sequence.is_pulling();
}

bool Scheduler::would_admit_new(const Sequence& sequence) const {
  return waiting_.head() == &sequence && running_.size() < settings_.max_num_seqs;
}

void Scheduler::plan(const PlanMoment& moment, Batch& batch) {
  moment_ = moment;
  ++plans_;
  budget_ = settings_.max_num_batched_tokens;
  preempted_ = stopped_ = head_may_fit_later_ = false;
  not_before_ = moment.start;
  grants_.clear();
  serve_running();
  if (!preempted_) admit_waiting();
  if (connector_ != nullptr) use_tiers();
  if (pulls_ != nullptr) pulls_->submit(not_before_);
  describe(batch);
}

// Lookups keep the scheduler's thread; loads are submitted with the step, stores when its end is known.
void Scheduler::use_tiers() {
  not_before_ = std::max(not_before_, moment_.now + from_seconds(connector_->take_lookup_seconds()));
  connector_->submit_loads(not_before_);
  for (const Grant& grant : grants_) {
    Sequence& sequence = *grant.sequence;
    if (!connector_->completes_block(sequence)) continue;
    if (sequence.known > sequence.prompt_tokens)
      update_answer(sequence, sequence.known - sequence.prompt_tokens);
    connector_->store(sequence, moment_.now);
  }
}

// --- pass 1: running requests ---

void Scheduler::serve_running() {
  for (std::size_t place = 0; place < running_.size() && !stopped_; ++place) serve(*running_[place], place);
}

void Scheduler::serve(Sequence& sequence, std::size_t& place) {
  if (sequence.done()) return waste_slot(sequence);
  const std::uint64_t grant = running_grant(sequence);
  if (grant == 0) {
    if (sequence.generated > 0 && sequence.gap_since == kNever) sequence.gap_since = moment_.start;
    return;
  }
  if (const std::uint64_t blocks = blocks_missing(sequence, grant); blocks > 0) {
    if (!make_room(sequence, blocks, place)) {
      stopped_ = true;
      return;
    }
    cache_.allocate(sequence.blocks, blocks);
  }
  give(sequence, grant);
}

std::uint64_t Scheduler::running_grant(const Sequence& sequence) const {
  return std::min(capped(sequence.tokens() - sequence.computed), budget_);
}

bool Scheduler::make_room(Sequence& sequence, std::uint64_t blocks, std::size_t& place) {
  while (blocks > cache_.free_blocks()) {
    Sequence* chosen = victim();
    preempt(*chosen, place);
    if (chosen == &sequence) return false;
  }
  return true;
}

// May be one whose last token is in flight: it loses its blocks a little early, and ends with the step all
// the same.
Sequence* Scheduler::victim() const {
  if (settings_.policy == QueuePolicy::kFcfs) return running_.back();
  return *std::max_element(running_.begin(), running_.end(), [](const Sequence* a, const Sequence* b) {
    return std::pair(a->priority, a->queued) < std::pair(b->priority, b->queued);
  });
}

void Scheduler::preempt(Sequence& sequence, std::size_t& place) {
  preempted_ = true;
  take_back_grant(sequence);
  const auto found = std::find(running_.begin(), running_.end(), &sequence);
  if (static_cast<std::size_t>(found - running_.begin()) < place) --place;
  running_.erase(found);
  settle(sequence);
  if (connector_ != nullptr) {
    not_before_ = std::max(not_before_, connector_->copies_end(sequence));
    sequence.offload->forget_lookup();
  }
  cache_.release(sequence.blocks);
  sequence.known = 0;
  if (sequence.generated > 0 && sequence.gap_since == kNever) sequence.gap_since = moment_.start;
  sequence.high_water = std::max(sequence.high_water, sequence.computed);
  sequence.recomputes = sequence.high_water > 0;
  sequence.computed = 0;
  sequence.batch = 0;
  sequence.state = SequenceState::kWaiting;
  ++sequence.preemptions;
  ++counters_.preemptions;
  waiting_.push_preempted(sequence);
}

// Only the priority policy takes from a request that this plan has served already.
void Scheduler::take_back_grant(const Sequence& sequence) {
  const auto found = std::find_if(grants_.begin(), grants_.end(),
                                  [&](const Grant& grant) { return grant.sequence == &sequence; });
  if (found == grants_.end()) return;
  budget_ += found->tokens;
  found->sequence->computed = found->before;
  if (found->sampled) --found->sequence->generated;
  grants_.erase(found);
}

// An end-of-sequence token shows only in the output, so under async scheduling one more slot is spent on it.
void Scheduler::waste_slot(Sequence& sequence) {
  sequence.known = std::min(sequence.computed, sequence.tokens() - in_flight(sequence));
  if (sequence.announced_stop) return;
  const std::uint64_t blocks = blocks_missing(sequence, 1);
  if (budget_ == 0 || blocks > cache_.free_blocks()) return;
  if (blocks > 0) cache_.allocate(sequence.blocks, blocks);
  --budget_;
  grants_.push_back({&sequence, static_cast<std::uint32_t>(sequence.computed), 1, false, true});
}

// --- pass 2: waiting requests ---

void Scheduler::admit_waiting() {
  if (!admit_aside()) return;
  while (has_seat() && !waiting_.empty())
    if (admit(*waiting_.head()) == Admission::kStop) return;
}

// False: nobody behind them is looked at. Those whose blocks have come go first: others may wait for the room
// that was promised to these.
bool Scheduler::admit_aside() {
  if (aside_.empty()) return true;
  const std::vector<Sequence*> set_aside = aside_;
  for (Sequence* sequence : set_aside) {
    if (sequence->state != SequenceState::kLoaded) continue;
    if (!has_seat() || admit_loaded(*sequence) == Admission::kStop) return false;
  }
  for (Sequence* sequence : set_aside) {
    if (sequence->state != SequenceState::kAside || !may_go_on(*sequence)) continue;
    if (!has_seat() || admit(*sequence) == Admission::kStop) return false;
  }
  return true;
}

Scheduler::Admission Scheduler::admit(Sequence& sequence) {
  if (sequence.generated > 0) update_answer(sequence, sequence.generated);
  const PrefixMatch match = this->match(sequence);
  const std::uint64_t hit_tokens = match.blocks * settings_.block_size_tokens;
  if (sequence.is_offered()) {
    if (fits(sequence, match, 0)) return start_pull(sequence, match);
    head_may_fit_later_ = match.ends_at_held_tail;
    return Admission::kStop;
  }
  if (connector_ != nullptr && !sequence.offload->asked && !look_below(sequence, hit_tokens))
    return set_aside(sequence);
  const std::uint64_t wanted = capped(sequence.tokens() - hit_tokens), grant = std::min(wanted, budget_);
  const bool whole_prompt_waits = !settings_.chunked_prefill && wanted > budget_;
  if (whole_prompt_waits || !fits(sequence, match, grant)) {
    head_may_fit_later_ = match.ends_at_held_tail;
    return Admission::kStop;
  }
  if (connector_ != nullptr) {
    if (sequence.offload->asked_in_plan != plans_ && !look_below(sequence, hit_tokens))
      return set_aside(sequence);
    if (sequence.offload->external_tokens > 0)
      return fits(sequence, match, grant) ? start_load(sequence, match) : Admission::kStop;
  }
  take_off_queue(sequence);
  cache_.take(sequence.blocks, sequence.salt, sequence.content, match.blocks);
  cache_.allocate(sequence.blocks, blocks_for(hit_tokens + grant) - match.blocks);
  sequence.computed = hit_tokens;
  note_hits(sequence, hit_tokens);
  run(sequence, grant);
  return Admission::kDone;
}

void Scheduler::run(Sequence& sequence, std::uint64_t grant) {
  sequence.state = SequenceState::kRunning;
  sequence.scheduled = moment_.now;
  running_.push_back(&sequence);
  give(sequence, grant);
}

std::uint64_t Scheduler::capped(std::uint64_t grant) const {
  const std::uint64_t threshold = settings_.long_prefill_token_threshold;
  return threshold > 0 ? std::min(grant, threshold) : grant;
}

// Answers of running requests enter the index only when somebody could hit them, or compute the same.
PrefixMatch Scheduler::match(Sequence& sequence) {
  if (!settings_.prefix_caching) return {};
  const std::uint64_t limit = (sequence.tokens() - 1) / settings_.block_size_tokens;
  const PrefixMatch first = cache_.match(sequence.salt, sequence.content, limit);
  sequence.near_tail = first.ends_at_held_tail;
  if (!sequence.near_tail) return first;
  settle();
  return cache_.match(sequence.salt, sequence.content, limit);
}

// A request with something to load needs room for all of it, as do those that load already: else engines fill
// up with loads that can never run.
bool Scheduler::fits(const Sequence& sequence, const PrefixMatch& match, std::uint64_t grant) const {
  const bool loads =
      sequence.is_offered() || (connector_ != nullptr && sequence.offload->external_tokens > 0);
  const std::uint64_t tokens = settings_.reserve_full_sequence || loads
                                   ? sequence.tokens()
                                   : match.blocks * settings_.block_size_tokens + grant;
  return fits(blocks_for(tokens) - match.blocks + match.free_blocks + (loads ? promised_blocks() : 0));
}

bool Scheduler::fits(std::uint64_t blocks) const {
  const double kept = running_.empty() ? 0 : settings_.watermark * static_cast<double>(cache_.total_blocks());
  return blocks + static_cast<std::uint64_t>(kept) <= cache_.free_blocks();
}

void Scheduler::note_hits(Sequence& sequence, std::uint64_t hit_tokens) {
  if (sequence.looked_up) return;
  sequence.looked_up = true;
  sequence.hit_tokens = static_cast<std::uint32_t>(hit_tokens);
  counters_.queried_tokens += sequence.prompt_tokens;
  counters_.hit_tokens += hit_tokens;
}

// --- both passes ---

void Scheduler::give(Sequence& sequence, std::uint64_t tokens) {
  const std::uint64_t before = sequence.computed, total = sequence.tokens();
  sequence.computed = before + tokens;
  sequence.known = std::min(sequence.computed, total - in_flight(sequence));
  if (before + 1 < total || sequence.generated == 0) {
    if (sequence.near_tail) settle_others(sequence);
    settle(sequence);
  }
  if (sequence.recomputes && sequence.high_water > before)
    sequence.recomputed_tokens += std::min(sequence.high_water, sequence.computed) - before;
  const bool sampled = sequence.computed == total;
  if (sampled) ++sequence.generated;
  budget_ -= tokens;
  grants_.push_back(
      {&sequence, static_cast<std::uint32_t>(before), static_cast<std::uint32_t>(tokens), sampled, false});
}

std::uint64_t Scheduler::in_flight(const Sequence& sequence) const {
  return sequence.batch == moment_.batch_in_flight ? moment_.steps_in_flight : 0;
}

// Blocks enter the cache's index when their tokens are scheduled, as far as these are known: a token whose
// sampling has not ended is not.
void Scheduler::settle(Sequence& sequence) {
  if (!settings_.prefix_caching) return;
  if ((std::uint64_t{sequence.blocks.registered} + 1) * settings_.block_size_tokens > sequence.known) return;
  const std::uint64_t full = sequence.known / settings_.block_size_tokens;
  if (sequence.known > sequence.prompt_tokens)
    update_answer(sequence, sequence.known - sequence.prompt_tokens);
  cache_.register_full(sequence.blocks, sequence.salt, sequence.content, full);
}

// Of blocks with the same content, the one registered first is the one that later requests share.
void Scheduler::settle_others(const Sequence& sequence) {
  for (Sequence* other : running_)
    if (other != &sequence) settle(*other);
}

void Scheduler::settle() {
  for (Sequence* sequence : running_) settle(*sequence);
}

std::uint64_t Scheduler::unsettled_blocks() const {
  if (!settings_.prefix_caching) return 0;
  std::uint64_t blocks = 0;
  for (const Sequence* sequence : running_)
    blocks += sequence->known / settings_.block_size_tokens - sequence->blocks.registered;
  return blocks;
}

void Scheduler::update_answer(Sequence& sequence, std::uint64_t answer_tokens) {
  traces::Piece& last = sequence.content.back();
  if (last.stream == sequence.output_stream)
    last.tokens = static_cast<std::uint32_t>(answer_tokens);
  else
    sequence.content.push_back({sequence.output_stream, 0, static_cast<std::uint32_t>(answer_tokens)});
}

// For `tokens` more than are computed. Most often none, which takes no division to see.
std::uint64_t Scheduler::blocks_missing(const Sequence& sequence, std::uint64_t tokens) const {
  const std::uint64_t wanted = sequence.computed + tokens, held = sequence.blocks.blocks();
  return wanted <= held * settings_.block_size_tokens ? 0 : blocks_for(wanted) - held;
}

std::uint64_t Scheduler::blocks_for(std::uint64_t tokens) const {
  return (tokens + settings_.block_size_tokens - 1) / settings_.block_size_tokens;
}

}  // namespace kvsim::sim
