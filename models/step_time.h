// SPDX-License-Identifier: Apache-2.0
// How long one engine iteration takes, from what it has to do.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace kvsim::models {

// One iteration's work over the whole batch. A decode is a sequence that computes one token after cached ones
// and samples the next.
struct StepWork {
  std::uint64_t prefill_tokens = 0;
  std::uint64_t prefill_sequences = 0;
  std::uint64_t decode_sequences = 0;
  double decode_context_tokens = 0;     // sum over decodes of tokens attended to, the new one included
  double prefill_attention_pairs = 0;   // sum over chunks of c * (s + (c + 1) / 2): c tokens after s cached
  double prefill_context_tokens = 0;    // sum over chunks of s + c: KV read again by the chunk
  double longest_context_tokens = 0;    // most tokens that one decode or chunk attends to
  std::uint64_t sampled_sequences = 0;  // rows that go through the language-model head

  std::uint64_t tokens() const { return prefill_tokens + decode_sequences; }
  std::uint64_t sequences() const { return prefill_sequences + decode_sequences; }
};

// A quantity of the j-th of a row of steps of the same batch (j = 1, 2, ...): each decode's context grows by
// one token a step, so it is first + (j - 1) * growth.
struct Line {
  double first = 0;
  double growth = 0;
  double at(std::uint64_t j) const { return first + static_cast<double>(j - 1) * growth; }
  // Sum over steps 1 .. k. The only formula for elapsed time, whatever the mode of stepping.
  double sum(std::uint64_t k) const {
    const double n = static_cast<double>(k);
    return n * first + growth * (n * (n - 1) / 2);
  }
};

constexpr std::uint64_t kUnlimitedSteps = std::numeric_limits<std::uint64_t>::max();

struct StepCost {
  Line seconds;                           // duration
  Line ideal_compute_seconds;             // FLOPs over the peak of their type: for utilisation and power
  Line ideal_memory_seconds;              // bytes over peak bandwidth
  std::uint64_t steps = kUnlimitedSteps;  // the lines hold for this many steps (>= 1); then ask again
};

class StepTimeModel {
 public:
  virtual ~StepTimeModel() = default;
  // `work` has at least one token. Pure: the same work gives the same bits. When work.prefill_tokens > 0 only
  // j = 1 is used by callers. seconds.first > 0, seconds.growth >= 0.
  virtual StepCost cost(const StepWork& work) const = 0;
};

}  // namespace kvsim::models
