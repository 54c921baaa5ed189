// SPDX-License-Identifier: Apache-2.0
#include "sim/replica/replica.h"

#include <algorithm>

#include "base/errors.h"

namespace kvsim::sim {

namespace {

PrefixCacheSettings cache_settings(const ReplicaSettings& settings) {
  return {settings.kv_blocks, settings.engine.block_size_tokens, settings.engine.prefix_caching,
          settings.engine.unhashed_blocks_first};
}

}  // namespace

Replica::Replica(const ReplicaSettings& settings, Observer& observer)
    : settings_(settings),
      observer_(observer),
      cache_(cache_settings(settings), settings.cache_events ? &events_ : nullptr),
      connector_(settings.offload
                     ? std::optional<OffloadConnector>(std::in_place, *settings.offload,
                                                       settings.cache_events ? &events_ : nullptr)
                     : std::nullopt),
      pulls_(settings.pulls ? std::optional<PullConnector>(*settings.pulls) : std::nullopt),
      scheduler_(settings.engine, cache_, connector_ ? &*connector_ : nullptr, pulls_ ? &*pulls_ : nullptr),
      ahead_(settings.engine.async_scheduling ? 1 : 0),
      room_(settings.engine.block_size_tokens) {}

Replica::~Replica() {
  sequences_.visit([this](Sequence& sequence) { cache_.release(sequence.blocks); });
}

// --- requests in and out ---

Sequence* Replica::enqueue(Nanoseconds now, Nanoseconds seen_from, EngineRequest request) {
  Sequence* sequence = sequences_.make();
  *sequence = Sequence{};
  sequence->slot = request.slot;
  sequence->group = request.group;
  sequence->salt = request.salt;
  sequence->priority = request.priority;
  sequence->queued = now;
  sequence->prompt_tokens = request.prompt_tokens;
  sequence->output_target = request.output_tokens;
  sequence->announced_stop = request.announced_stop;
  sequence->content = std::move(request.prompt);
  sequence->output_stream = request.output_stream;
  sequence->prefill_only = request.prefill_only;
  if (request.remote) sequence->remote = std::make_unique<RemoteKv>(*request.remote);
  if (connector_) connector_->attach(*sequence, request.owner);
  scheduler_.add(*sequence);
  if (current_.empty() || scheduler_.would_admit_new(*sequence)) wake_at_boundary(now, seen_from);
  return sequence;
}

EngineAnswer Replica::abort(Nanoseconds now, Nanoseconds seen_from, Sequence* sequence) {
  bring_to_boundary_before(seen_from);
  const EngineAnswer answer = answer_of(*sequence, unseen_tokens(*sequence));
  if (sequence->state == SequenceState::kRunning) {
    sequence->aborted = aborts_pending_ = true;
  } else {
    forget(sequence, now);
  }
  wake_at_boundary(now, seen_from);
  return answer;
}

std::optional<HoldId> Replica::transfer_ended(Nanoseconds now, Nanoseconds seen_from, JobId job) {
  std::optional<HoldId> read;
  if (Sequence* sequence = pulls_ ? pulls_->end(job) : nullptr) {
    read = sequence->remote->hold;
    leave_after_transfer(sequence, true, seen_from);
  } else {
    const OffloadConnector::Ended ended = connector_->end(job, now);
    if (ended.sequence != nullptr) leave_after_transfer(ended.sequence, ended.loaded, seen_from);
  }
  if (scheduler_.waits()) wake_at_boundary(now, seen_from);
  return read;
}

void Replica::leave_after_transfer(Sequence* sequence, bool loaded, Nanoseconds seen_from) {
  if (sequence->state == SequenceState::kLeaving) bring_to_boundary_before(seen_from);
  if (scheduler_.transfer_ended(*sequence, loaded)) sequences_.recycle(sequence);
}

void Replica::release(Nanoseconds now, Nanoseconds seen_from, Sequence* held) {
  bring_to_boundary_before(seen_from);
  if (scheduler_.release(*held)) sequences_.recycle(held);
  if (scheduler_.waits()) wake_at_boundary(now, seen_from);
}

void Replica::lose_remote(Nanoseconds now, Nanoseconds seen_from, Sequence* sequence) {
  sequence->remote->state = RemoteKv::State::kLost;
  wake_at_boundary(now, seen_from);
}

void Replica::erase_tenant(std::uint32_t tenant, Nanoseconds now) {
  if (connector_) connector_->erase_tenant(tenant, now);
}

void Replica::erase_session(std::uint64_t session, Nanoseconds now) {
  if (connector_) connector_->erase_session(session, now);
}

EngineAnswer Replica::answer_of(const Sequence& sequence, std::uint64_t unseen_tokens) const {
  const OffloadState none;
  const OffloadState& tiers = sequence.offload ? *sequence.offload : none;
  return {sequence.slot,
          sequence.queued,
          sequence.scheduled,
          sequence.first_token,
          static_cast<std::uint32_t>(sequence.generated - unseen_tokens),
          sequence.hit_tokens,
          tiers.host_hit_tokens,
          tiers.storage_hit_tokens,
          sequence.preemptions,
          sequence.recomputed_tokens,
          tiers.load_wait + (sequence.remote ? sequence.remote->wait : 0),
          sequence.remote ? sequence.remote->pulled_tokens : 0,
          sequence.prefill_only,
          nullptr};
}

// Tokens of planned steps that have not ended.
std::uint64_t Replica::unseen_tokens(const Sequence& sequence) const {
  const auto samples = [&](const Batch& batch) {
    return std::find(batch.members.begin(), batch.members.end(), &sequence) != batch.members.end();
  };
  std::uint64_t unseen = 0;
  if (!current_.empty() && samples(current_)) unseen += current_.planned - current_.ended;
  if (!next_.empty() && samples(next_)) ++unseen;
  return unseen;
}

// --- step boundaries ---

void Replica::wake(Nanoseconds now, EngineNews& news) {
  if (!current_.empty()) {
    bring_to(planned_by(wake_step_ - 1), wake_step_);
    if (is_over(current_)) complete(now, news);
  }
  if (aborts_pending_) drop_aborted(now);
  refill(now, news);
  choose_wake();
}

// A steady batch whose planned steps have all ended may still go on: only the next plan tells.
bool Replica::is_over(const Batch& batch) const {
  return batch.ended == batch.planned && (!next_.empty() || !batch.steady || !batch.finishing.empty());
}

void Replica::complete(Nanoseconds now, EngineNews& news) {
  tell(current_);
  for (Sequence* sequence : current_.first_tokens) {
    sequence->first_token = now;
    if (!sequence->aborted && !sequence->prefill_only) news.first_tokens.push_back(sequence->slot);
  }
  for (Sequence* sequence : current_.finishing) finish(sequence, news);
  count(current_);
  current_.planned = current_.ended = 0;
  std::swap(current_, next_);
  publish(now, now);
}

void Replica::count(const Batch& batch) {
  totals_.prompt_tokens += batch.work.prefill_tokens;
  totals_.generated_tokens += batch.samples * batch.planned;
  totals_.ideal_compute_seconds += batch.cost.ideal_compute_seconds.sum(batch.planned);
  totals_.ideal_memory_seconds += batch.cost.ideal_memory_seconds.sum(batch.planned);
  busy_ += batch.end() - batch.start;
}

void Replica::finish(Sequence* sequence, EngineNews& news) {
  if (!sequence->aborted) news.answers.push_back(answer_of(*sequence, 0));
  if (!sequence->aborted && sequence->prefill_only && sequence->state == SequenceState::kRunning) {
    scheduler_.hold(*sequence);
    news.answers.back().held = sequence;
  } else if (scheduler_.remove(*sequence)) {
    sequences_.recycle(sequence);
  }
}

void Replica::tell(const Batch& batch) const {
  observer_.on_steps({settings_.index, batch.start, batch.end(), batch.planned, batch.work});
  const auto gaps = [&](std::uint32_t group, models::Line seconds, std::uint64_t first, std::uint64_t last,
                        std::uint64_t sequences) {
    if (first <= last && sequences > 0)
      observer_.on_gaps({settings_.index, group, seconds, first, last, sequences});
  };
  for (const auto& [group, sequences] : batch.decoders_by_group) {
    const auto pausing = static_cast<std::uint64_t>(std::count_if(
        batch.resumers.begin(), batch.resumers.end(),
        [&, g = group](const Resumer& resumer) { return resumer.decodes && resumer.group == g; }));
    gaps(group, batch.cost.seconds, 1, pausing > 0 ? 1 : batch.planned, sequences - pausing);
    if (pausing > 0) gaps(group, batch.cost.seconds, 2, batch.planned, sequences);
  }
  for (const Resumer& resumer : batch.resumers)
    gaps(resumer.group, {to_seconds(batch.end_of(1) - resumer.since), 0}, 1, 1, 1);
}

void Replica::drop_aborted(Nanoseconds now) {
  aborts_pending_ = false;
  const std::vector<Sequence*> running = scheduler_.running();
  for (Sequence* sequence : running) {
    if (!sequence->aborted) continue;
    forget(sequence, now);
  }
}

// Its place may be given to another request while planned steps that it was part of still run.
void Replica::forget(Sequence* sequence, Nanoseconds now) {
  for (Batch* batch : {&current_, &next_}) {
    if (std::erase(batch->members, sequence) > 0) batch->steady = false;
    std::erase(batch->first_tokens, sequence);
    std::erase(batch->finishing, sequence);
  }
  if (scheduler_.remove(*sequence)) sequences_.recycle(sequence);
  publish(now, now);
}

void Replica::refill(Nanoseconds now, EngineNews& news) {
  while (next_.empty() && in_flight() < 1 + ahead_) {
    if (!settings_.reference && !current_.empty() && scheduler_.would_go_on(current_)) {
      scheduler_.advance(current_, 1, 1 + ahead_);
      continue;
    }
    const Nanoseconds start = current_.empty() ? now : current_.end();
    scheduler_.plan({now, start, current_.serial, in_flight()}, scratch_);
    if (!scratch_.empty() && goes_on(scratch_)) {
      ++current_.planned;
      std::swap(current_.finishing, scratch_.finishing);
      if (connector_) connector_->submit_stores(now, current_.end());
      continue;
    }
    if (!current_.empty() && current_.ended == current_.planned) complete(now, news);
    if (scratch_.empty() && current_.empty() && scheduler_.just_preempted()) continue;
    if (scratch_.empty()) return publish(now, now);
    adopt(scratch_);
    publish(now, scratch_.end());
    if (connector_) connector_->submit_stores(now, scratch_.end());
    std::swap(current_.empty() ? current_ : next_, scratch_);
  }
}

bool Replica::goes_on(const Batch& planned) const {
  if (connector_ && connector_->interference_seconds() > 0) return false;
  return !current_.empty() && current_.steady && planned.steady && current_.finishing.empty() &&
         planned.resumers.empty() && current_.planned < current_.cost.steps &&
         planned.members == current_.members;
}

void Replica::adopt(Batch& planned) {
  planned.serial = ++serial_;
  planned.cost = settings_.step_time->cost(planned.work);
  if (connector_ && connector_->interference_seconds() > 0) {
    planned.cost.seconds.first += connector_->interference_seconds();
    planned.steady = false;
    connector_->clear_interference();
  }
  for (Sequence* member : planned.members) member->batch = planned.serial;
}

std::uint64_t Replica::in_flight() const { return current_.planned - current_.ended; }

// --- fast-forward ---

void Replica::bring_to(std::uint64_t planned, std::uint64_t ended) {
  if (planned > current_.planned) scheduler_.advance(current_, planned - current_.planned, 1 + ahead_);
  current_.ended = ended;
}

// As abort() and the end of a transfer find it: a boundary at `now` may be still to come.
void Replica::bring_to_boundary_before(Nanoseconds seen_from) {
  const std::uint64_t ended = ended_by(seen_from - 1);
  bring_to(planned_by(ended), ended);
}

std::uint64_t Replica::planned_by(std::uint64_t ended) const {
  return std::max(current_.planned, std::min(ended + 1 + ahead_, plan_limit_));
}

void Replica::choose_wake() {
  next_wake_ = kNever;
  if (current_.empty()) {
    const bool waits_for_tiers = connector_ && connector_->busy();
    const bool waits_for_others = (pulls_ && pulls_->busy()) || scheduler_.held() > 0;
    if (scheduler_.has_work() && !waits_for_tiers && !waits_for_others)
      throw Error(ExitCode::kInternal, "an engine has work that it can never start");
    plan_limit_ = wake_step_ = 0;
    return;
  }
  const bool may_go_on = next_.empty() && in_flight() == 1 + ahead_;
  plan_limit_ = current_.planned;
  if (may_go_on && !settings_.reference) plan_limit_ += scheduler_.steady_plans(current_);
  if (plan_limit_ > current_.planned) room_.measure(current_.members, current_.planned);
  wake_step_ = may_go_on ? plan_limit_ - ahead_ : current_.planned;
  next_wake_ = current_.end_of(wake_step_);
}

void Replica::wake_at_boundary(Nanoseconds now, Nanoseconds seen_from) {
  if (current_.empty()) {
    next_wake_ = now;
    return;
  }
  std::uint64_t before = current_.ended, reached = wake_step_;  // ends before `seen_from`; ends then or later
  while (reached - before > 1) {
    const std::uint64_t middle = before + (reached - before) / 2;
    (current_.end_of(middle) < seen_from ? before : reached) = middle;
  }
  wake_step_ = reached;
  next_wake_ = current_.end_of(wake_step_);
}

std::uint64_t Replica::ended_by(Nanoseconds now) const {
  std::uint64_t ended = current_.ended, beyond = wake_step_ + 1;
  if (current_.empty()) return 0;
  while (beyond - ended > 1) {
    const std::uint64_t middle = ended + (beyond - ended) / 2;
    (current_.end_of(middle) <= now ? ended : beyond) = middle;
  }
  return ended;
}

ReplicaSnapshot Replica::snapshot(Nanoseconds now) {
  bring_to_boundary_before(now + 1);
  const std::uint64_t ended = current_.ended;
  ReplicaSnapshot state = totals_;
  state.time = now;
  state.running = scheduler_.running().size();
  state.waiting = scheduler_.waiting();
  state.total_blocks = cache_.total_blocks();
  state.used_blocks = cache_.total_blocks() - cache_.free_blocks();
  state.cached_blocks = cache_.cached_blocks() + scheduler_.unsettled_blocks();
  state.evicted_blocks = cache_.counters().evicted_blocks;
  state.queried_tokens = scheduler_.counters().queried_tokens;
  state.hit_tokens = scheduler_.counters().hit_tokens;
  state.preemptions = scheduler_.counters().preemptions;
  state.busy_seconds = to_seconds(busy_);
  if (connector_) state.tiers = connector_->totals(now);
  if (pulls_) state.tiers.pulls = pulls_->pulls();
  if (pulls_) state.tiers.pulled_bytes = pulls_->pulled_bytes();
  if (current_.empty() || ended == 0) return state;
  state.prompt_tokens += current_.work.prefill_tokens;
  state.generated_tokens += current_.samples * ended;
  state.ideal_compute_seconds += current_.cost.ideal_compute_seconds.sum(ended);
  state.ideal_memory_seconds += current_.cost.ideal_memory_seconds.sum(ended);
  state.busy_seconds = to_seconds(busy_ + current_.end_of(ended) - current_.start);
  return state;
}

// --- routers ---

ReplicaGauges Replica::gauges(Nanoseconds now, bool with_kv_usage) const {
  ReplicaGauges gauges{static_cast<double>(scheduler_.waiting()),
                       static_cast<double>(scheduler_.running().size()), 0};
  if (!with_kv_usage) return gauges;
  const double total = static_cast<double>(cache_.total_blocks());
  gauges.kv_usage = 1 - static_cast<double>(free_blocks_by(now)) / total;
  return gauges;
}

// As after bring_to_boundary_before(now + 1), but nothing is brought there.
std::uint64_t Replica::free_blocks_by(Nanoseconds now) const {
  const std::uint64_t planned = planned_by(ended_by(now)), free = cache_.free_blocks();
  if (planned == current_.planned) return free;
  return free - (room_.blocks(planned) - room_.blocks(current_.planned));
}

void Replica::publish_events(Nanoseconds now) {
  bring_to_boundary_before(now + 1);
  publish(now, now);
}

// What happened up to `now` gets out at `time`.
void Replica::publish(Nanoseconds now, Nanoseconds time) {
  if (!settings_.cache_events) return;
  scheduler_.settle();
  cache_.flush_events();
  if (connector_) connector_->tell_host_events(now);
  events_.publish(time);
}

void Replica::take_events(std::vector<StampedCacheEvent>& events) { events_.take(events); }

}  // namespace kvsim::sim
