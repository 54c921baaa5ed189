// SPDX-License-Identifier: Apache-2.0
// Requests whose blocks come from a lower tier or another replica: set aside, loading, loaded.
#include <algorithm>

#include "sim/replica/scheduler.h"

namespace kvsim::sim {

// False: the tiers have to be asked again when something has ended there.
bool Scheduler::look_below(Sequence& sequence, std::uint64_t hit_tokens) {
  sequence.offload->asked_in_plan = plans_;
  return connector_->ask(sequence, hit_tokens, moment_.now) != OffloadConnector::Answer::kLater;
}

Scheduler::Admission Scheduler::set_aside(Sequence& sequence) {
  OffloadState& state = *sequence.offload;
  state.asked = false;
  if (state.aside_since == kNever) state.aside_since = moment_.now;
  if (sequence.state == SequenceState::kWaiting) {
    waiting_.remove(sequence);
    sequence.state = SequenceState::kAside;
    aside_.push_back(&sequence);
  }
  return Admission::kSetAside;
}

// One that was told "later" is asked again when something has ended in the tiers.
bool Scheduler::may_go_on(const Sequence& sequence) const {
  return sequence.offload->asked || sequence.offload->asked_version != connector_->version();
}

Scheduler::Admission Scheduler::start_load(Sequence& sequence, const PrefixMatch& match) {
  const std::uint64_t hit_tokens = match.blocks * settings_.block_size_tokens;
  set_aside(sequence);
  take_all_blocks(sequence, match, hit_tokens + sequence.offload->external_tokens);
  connector_->begin_load(sequence, hit_tokens);
  note_hits(sequence, hit_tokens);
  return Admission::kSetAside;
}

// Tiers below are not asked: the prefill replica has all that the GPU lacks.
Scheduler::Admission Scheduler::start_pull(Sequence& sequence, const PrefixMatch& match) {
  const std::uint64_t hit_tokens = match.blocks * settings_.block_size_tokens;
  waiting_.remove(sequence);
  aside_.push_back(&sequence);
  take_all_blocks(sequence, match, sequence.tokens());
  pulls_->begin(sequence, sequence.tokens() - hit_tokens, moment_.now);
  note_hits(sequence, hit_tokens);
  return Admission::kSetAside;
}

void Scheduler::take_all_blocks(Sequence& sequence, const PrefixMatch& match, std::uint64_t computed) {
  sequence.state = SequenceState::kLoading;
  cache_.take(sequence.blocks, sequence.salt, sequence.content, match.blocks);
  sequence.computed = computed;
  cache_.allocate(sequence.blocks, blocks_for(computed) - match.blocks);
}

// Its loaded blocks are cached from now on; where all of its tokens came, the last one is computed again.
Scheduler::Admission Scheduler::admit_loaded(Sequence& sequence) {
  sequence.known = sequence.computed;
  settle(sequence);
  if (sequence.computed == sequence.tokens()) --sequence.computed;
  const std::uint64_t wanted = capped(sequence.tokens() - sequence.computed),
                      grant = std::min(wanted, budget_);
  if (!settings_.chunked_prefill && wanted > budget_) return Admission::kStop;
  const std::uint64_t all = settings_.reserve_full_sequence ? sequence.tokens() - sequence.computed : grant;
  if (!fits(blocks_missing(sequence, all))) return Admission::kStop;
  note_load_wait(sequence);
  take_off_queue(sequence);
  if (const std::uint64_t blocks = blocks_missing(sequence, grant); blocks > 0)
    cache_.allocate(sequence.blocks, blocks);
  run(sequence, grant);
  return Admission::kDone;
}

void Scheduler::note_load_wait(Sequence& sequence) const {
  RemoteKv* remote = sequence.remote.get();
  if (remote != nullptr && remote->state == RemoteKv::State::kPulled && remote->wait == 0)
    remote->wait = moment_.now - remote->begun;
  if (!sequence.offload || sequence.offload->aside_since == kNever) return;
  sequence.offload->load_wait += moment_.now - sequence.offload->aside_since;
  sequence.offload->aside_since = kNever;
}

void Scheduler::take_off_queue(Sequence& sequence) {
  if (sequence.state == SequenceState::kWaiting)
    waiting_.remove(sequence);
  else
    aside_.erase(std::find(aside_.begin(), aside_.end(), &sequence));
}

// Blocks that those who load will still take.
std::uint64_t Scheduler::promised_blocks() const {
  std::uint64_t blocks = 0;
  for (const Sequence* sequence : aside_)
    if (sequence->state != SequenceState::kAside)
      blocks += blocks_for(sequence->tokens()) - sequence->blocks.blocks();
  return blocks;
}

}  // namespace kvsim::sim
