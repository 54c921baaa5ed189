// SPDX-License-Identifier: Apache-2.0
#include "models/attention_walk.h"

#include <algorithm>
#include <cmath>

namespace kvsim::models {
namespace {

// vLLM's triton_unified_attention: batches of nothing but decodes with so few groups split every context into
// segments, each a group of its own.
constexpr double kFewGroups = 128;
constexpr double kSegments = 16;

Line sum_of(const Line& a, const Line& b) { return {a.first + b.first, a.growth + b.growth}; }
Line times(const Line& line, double factor) { return {line.first * factor, line.growth * factor}; }

// The lesser of two lines of which `steep` grows faster, for as long as it is that one.
Line lesser(const Line& flat, const Line& steep, std::uint64_t& steps) {
  const Line ahead{steep.first - flat.first, steep.growth - flat.growth};
  if (ahead.first >= 0) return flat;
  steps = std::min(steps, steps_below(ahead, 0));
  return steep;
}

// Seconds of walks over `tokens` in all, each within its window; `walks` grow by a token each step.
Line walk_of(const AttentionWalk& walk, double tokens, double walks, std::uint64_t& steps) {
  const double window = walks * walk.window_tokens;
  const bool window_grows = tokens < window;
  if (window_grows) steps = std::min(steps, steps_below({tokens, walks}, window));
  return {context_seconds(walk.per_context, tokens, std::min(tokens, window)),
          context_seconds(walk.per_context, walks, window_grows ? walks : 0)};
}

}  // namespace

Line walk_seconds(const AttentionWalk& walk, const StepWork& work, double prefill_seconds,
                  std::uint64_t& steps) {
  const double decodes = static_cast<double>(work.decode_sequences);
  const double blocks =
      decodes + std::ceil(static_cast<double>(work.prefill_tokens) / walk.queries_of_a_group);
  const double groups = blocks * walk.kv_heads;
  const double segments = work.prefill_tokens == 0 && groups <= kFewGroups ? kSegments : 1;
  const double waves = std::ceil(groups * segments / walk.groups_at_once);
  const Line longest = times(walk_of(walk, work.longest_context_tokens, 1, steps), 1 / segments);
  const Line spread =
      times(walk_of(walk, work.decode_context_tokens, decodes, steps), walk.kv_heads / walk.groups_at_once);
  const Line in_waves = sum_of(times(longest, waves), {-prefill_seconds, 0});
  const Line ends = lesser(in_waves, sum_of(longest, spread), steps);
  return ends.first > spread.first ? ends : spread;
}

}  // namespace kvsim::models
