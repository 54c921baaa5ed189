// SPDX-License-Identifier: Apache-2.0
// The plan as a batch, and plans that merely repeat it.
#include <algorithm>

#include "sim/replica/scheduler.h"

namespace kvsim::sim {

namespace {

// Groups come in runs, and there are few of them.
void count_group(std::vector<std::pair<std::uint32_t, std::uint64_t>>& groups, std::uint32_t group) {
  for (auto place = groups.rbegin(); place != groups.rend(); ++place)
    if (place->first == group) {
      ++place->second;
      return;
    }
  groups.emplace_back(group, 1);
}

void clear(Batch& batch) {
  batch.work = {};
  batch.members.clear();
  batch.resumers.clear();
  batch.first_tokens.clear();
  batch.finishing.clear();
  batch.decoders_by_group.clear();
  batch.samples = batch.planned = batch.ended = 0;
}

}  // namespace

void Scheduler::describe(Batch& batch) {
  clear(batch);
  if (grants_.empty()) return;
  batch.planned = 1;
  batch.start = not_before_;
  if (not_before_ > moment_.start) note_late_start();
  std::uint64_t decode_context = 0, longest_context = 0, decodes = 0, wasted = 0;
  for (const Grant& grant : grants_) {
    longest_context = std::max<std::uint64_t>(longest_context, grant.before + grant.tokens);
    const bool decoding = grant.wasted || (grant.tokens == 1 && grant.sampled && grant.before > 0);
    if (decoding) {
      ++decodes;
      decode_context += grant.before + 1;
    } else {
      const double before = static_cast<double>(grant.before), tokens = grant.tokens;
      ++batch.work.prefill_sequences;
      batch.work.prefill_tokens += grant.tokens;
      batch.work.prefill_attention_pairs += tokens * (before + (tokens + 1) / 2);
      batch.work.prefill_context_tokens += before + tokens;
    }
    wasted += grant.wasted;
    if (grant.sampled) describe_sample(grant, decoding, batch);
  }
  batch.work.decode_sequences = decodes;
  batch.work.decode_context_tokens = static_cast<double>(decode_context);
  batch.work.longest_context_tokens = static_cast<double>(longest_context);
  batch.samples = batch.work.sampled_sequences = batch.members.size();
  batch.steady = wasted == 0 && batch.work.prefill_sequences == 0 && batch.first_tokens.empty();
}

// The gap since the token before is longer than the step.
void Scheduler::note_late_start() {
  for (const Grant& grant : grants_) {
    Sequence& sequence = *grant.sequence;
    const bool has_tokens = sequence.generated > (grant.sampled ? 1u : 0u);
    if (has_tokens && sequence.gap_since == kNever) sequence.gap_since = moment_.start;
  }
}

inline void Scheduler::describe_sample(const Grant& grant, bool decodes, Batch& batch) {
  Sequence& sequence = *grant.sequence;
  batch.members.push_back(&sequence);
  if (sequence.generated == 1) batch.first_tokens.push_back(&sequence);
  if (sequence.done()) batch.finishing.push_back(&sequence);
  if (sequence.gap_since != kNever) {
    batch.resumers.push_back({sequence.gap_since, sequence.group, decodes});
    sequence.gap_since = kNever;
  }
  if (decodes && sequence.generated > 1) count_group(batch.decoders_by_group, sequence.group);
}

std::uint64_t Scheduler::steady_plans(const Batch& batch) const {
  if (!batch.steady || !batch.finishing.empty() || preempted_ || head_may_fit_later_) return 0;
  if (connector_ != nullptr && connector_->interference_seconds() > 0) return 0;
  std::uint64_t plans = batch.cost.steps - batch.planned;
  for (const Sequence* member : batch.members) {
    plans = std::min(plans, member->output_target - member->generated - 1);
    if (connector_ != nullptr) plans = std::min(plans, connector_->plans_without_store(*member));
  }
  return plans_until_shortage(batch, plans);
}

bool Scheduler::would_go_on(const Batch& batch) const {
  return !waits() && running_.size() == batch.members.size() && steady_plans(batch) > 0;
}

// The most plans up to `limit` for which the free blocks last.
std::uint64_t Scheduler::plans_until_shortage(const Batch& batch, std::uint64_t limit) const {
  const std::uint64_t free = cache_.free_blocks();
  const std::uint64_t at_most = batch.members.size() * (limit / settings_.block_size_tokens + 1);
  if (limit == 0 || at_most <= free) return limit;
  std::uint64_t enough = 0, beyond = limit + 1;
  while (beyond - enough > 1) {
    const std::uint64_t middle = enough + (beyond - enough) / 2;
    (blocks_missing(batch, middle) <= free ? enough : beyond) = middle;
  }
  return enough;
}

std::uint64_t Scheduler::blocks_missing(const Batch& batch, std::uint64_t steps) const {
  std::uint64_t missing = 0;
  for (const Sequence* member : batch.members) missing += blocks_missing(*member, steps);
  return missing;
}

void Scheduler::advance(Batch& batch, std::uint64_t steps, std::uint64_t in_flight) {
  for (Sequence* member : batch.members) {
    if (const std::uint64_t blocks = blocks_missing(*member, steps); blocks > 0)
      cache_.allocate(member->blocks, blocks);
    member->computed += steps;
    member->generated += steps;
    member->known = std::min(member->computed, member->tokens() - in_flight);
  }
  batch.planned += steps;
}

}  // namespace kvsim::sim
