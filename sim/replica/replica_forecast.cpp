// SPDX-License-Identifier: Apache-2.0
// What a replica knows, as a forecast wants it.
#include <algorithm>
#include <limits>

#include "sim/kv/prefix_cache_content.h"
#include "sim/replica/forecast.h"
#include "sim/replica/replica.h"

namespace kvsim::sim {

std::uint64_t Replica::cached_tokens(Nanoseconds seen_from, std::uint64_t salt,
                                     const std::vector<Piece>& prompt) {
  bring_to_boundary_before(seen_from);
  return found_in_cache(salt, prompt, traces::total_tokens(prompt)).computed;
}

double Replica::ttft_seconds(Nanoseconds now, Nanoseconds seen_from, std::uint64_t salt,
                             const std::vector<Piece>& prompt) {
  bring_to_boundary_before(seen_from);
  ForecastState state;
  state.start = current_.empty() ? now : (next_.empty() ? current_ : next_).end();
  state.free_blocks = cache_.free_blocks();
  state.total_blocks = cache_.total_blocks();
  for (const Sequence* sequence : scheduler_.running()) forecast_running(*sequence, state);
  for (const Sequence* sequence : scheduler_.set_aside()) forecast_waiting(*sequence, state);
  scheduler_.visit_queue([&](const Sequence& sequence) { forecast_waiting(sequence, state); });
  state.waiting.push_back(forecast_new(salt, prompt));
  const Nanoseconds time = first_token_time(std::move(state), settings_.engine, *settings_.step_time);
  return time == kNever ? std::numeric_limits<double>::infinity() : to_seconds(time - now);
}

void Replica::forecast_running(const Sequence& sequence, ForecastState& state) const {
  const std::uint64_t blocks = sequence.blocks.blocks();
  const bool ends_next =
      sequence.done() && in_flight() == 1 &&
      std::find(current_.finishing.begin(), current_.finishing.end(), &sequence) != current_.finishing.end();
  if (sequence.aborted || ends_next) {
    state.free_blocks += blocks;
    return;
  }
  state.running.push_back({sequence.computed, sequence.tokens(), sequence.output_target - sequence.generated,
                           blocks, blocks, 0, sequence.announced_stop});
}

void Replica::forecast_waiting(const Sequence& sequence, ForecastState& state) const {
  ForecastSequence waiting = found_in_cache(sequence.salt, sequence.content, sequence.tokens());
  if (sequence.computed > 0) {
    waiting.computed = std::min(sequence.computed, sequence.tokens() - 1);
    waiting.blocks = waiting.own_blocks = sequence.blocks.blocks();
    waiting.revived_blocks = 0;
  }
  waiting.answer_left = sequence.output_target - sequence.generated;
  waiting.announced_stop = sequence.announced_stop;
  state.waiting.push_back(waiting);
}

// Those before it in the queue will have computed what they have in common with it.
ForecastSequence Replica::forecast_new(std::uint64_t salt, const std::vector<Piece>& prompt) const {
  ForecastSequence sequence = found_in_cache(salt, prompt, traces::total_tokens(prompt));
  sequence.is_new = true;
  sequence.answer_left = 1;
  if (!settings_.engine.prefix_caching) return sequence;
  const std::uint64_t block = settings_.engine.block_size_tokens;
  scheduler_.visit_queue([&](const Sequence& before) {
    if (before.salt != salt) return;
    const std::uint64_t common =
        common_tokens(ContentCursor(before.content), ContentCursor(prompt), sequence.tokens - 1) / block;
    sequence.blocks = std::max(sequence.blocks, common);
  });
  sequence.computed = sequence.blocks * block;
  return sequence;
}

ForecastSequence Replica::found_in_cache(std::uint64_t salt, const std::vector<Piece>& content,
                                         std::uint64_t tokens) const {
  ForecastSequence sequence;
  sequence.tokens = tokens;
  if (!settings_.engine.prefix_caching) return sequence;
  const std::uint64_t block = settings_.engine.block_size_tokens;
  const PrefixMatch match = cache_.match(salt, content, (tokens - 1) / block);
  sequence.blocks = match.blocks;
  sequence.computed = match.blocks * block;
  sequence.revived_blocks = match.free_blocks;
  return sequence;
}

}  // namespace kvsim::sim
