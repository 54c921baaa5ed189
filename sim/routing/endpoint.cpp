// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/endpoint.h"

#include <algorithm>

namespace kvsim::sim {

double prefill_seconds(const Endpoint& endpoint, std::uint64_t context, std::uint64_t tokens) {
  double seconds = 0;
  while (tokens > 0) {
    const std::uint64_t chunk = std::min(tokens, endpoint.max_batched_tokens);
    const double length = static_cast<double>(chunk), before = static_cast<double>(context);
    models::StepWork work;
    work.prefill_sequences = 1;
    work.prefill_tokens = chunk;
    work.prefill_attention_pairs = length * (before + (length + 1) / 2);
    work.prefill_context_tokens = work.longest_context_tokens = before + length;
    work.sampled_sequences = chunk == tokens ? 1 : 0;
    seconds += endpoint.step_time->cost(work).seconds.first;
    context += chunk;
    tokens -= chunk;
  }
  return seconds;
}

double decode_step_seconds(const Endpoint& endpoint, double sequences, double context) {
  models::StepWork work;
  work.decode_sequences = work.sampled_sequences = static_cast<std::uint64_t>(sequences);
  work.decode_context_tokens = context;
  if (sequences >= 1) work.longest_context_tokens = context / sequences;
  return endpoint.step_time->cost(work).seconds.first;
}

}  // namespace kvsim::sim
