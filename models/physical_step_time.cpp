// SPDX-License-Identifier: Apache-2.0
#include "models/physical_step_time.h"

#include <algorithm>

#include "models/step_time_shape.h"

namespace kvsim::models {
namespace {

double of_experts(const ExpertTerm& term, double experts, double rows) {
  const double compute = term.compute_per_expert * experts + term.compute_per_row * rows;
  const double memory = term.memory_per_expert * experts + term.memory_per_row * rows;
  return term.fixed + overlapped(compute, memory, term.hidden);
}

}  // namespace

PhysicalStepTime::PhysicalStepTime(StepTerms terms) : terms_(std::move(terms)) {}

std::uint64_t PhysicalStepTime::padded_tokens(std::uint64_t tokens) const {
  if (tokens > terms_.largest_graph_tokens) return tokens;
  std::uint64_t padded = tokens;
  if (tokens > 256) {
    padded = (tokens + 15) / 16 * 16;
  } else if (tokens > 4) {
    padded = (tokens + 7) / 8 * 8;
  } else if (tokens == 3) {
    padded = 4;
  }
  return std::min(padded, terms_.largest_graph_tokens);
}

double PhysicalStepTime::linear_seconds(const StepWork& work, double experts) const {
  const double rows = static_cast<double>(padded_tokens(work.tokens()));
  double seconds =
      terms_.step + terms_.per_sequence * static_cast<double>(work.sequences()) + terms_.per_token * rows;
  for (const ProductTerm& product : terms_.products) seconds += product.seconds(rows);
  if (work.sampled_sequences > 0) {
    const double samples = static_cast<double>(work.sampled_sequences);
    for (const ProductTerm& product : terms_.sampled_products) seconds += product.seconds(samples);
  }
  if (terms_.routed.experts > 0) {
    seconds += of_experts(terms_.routed, experts, rows * terms_.routed.experts_per_token);
  }
  return seconds;
}

double PhysicalStepTime::prefill_seconds(const StepWork& work) const {
  const double tokens = static_cast<double>(work.prefill_tokens);
  const double sequences = static_cast<double>(work.prefill_sequences);
  const double pairs_in_window = std::min(work.prefill_attention_pairs, tokens * terms_.window_tokens);
  const double context_in_window =
      std::min(work.prefill_context_tokens, sequences * terms_.window_tokens + tokens);
  const double compute =
      context_seconds(terms_.prefill_per_pair, work.prefill_attention_pairs, pairs_in_window) +
      terms_.prefill_per_token * tokens;
  const double memory =
      context_seconds(terms_.prefill_per_context, work.prefill_context_tokens, context_in_window);
  const double projected = std::max(0.0, work.prefill_context_tokens - tokens);
  return terms_.prefill_fixed + std::max(compute, memory) + terms_.prefill_per_projected_token * projected;
}

double PhysicalStepTime::launch_seconds(const StepWork& work) const {
  if (work.tokens() > terms_.largest_graph_tokens) return terms_.launch_large;
  return work.prefill_tokens == 0 ? terms_.launch_decode : terms_.launch_mixed;
}

// Attention of decodes, which alone grows from step to step: in all layers until the mean context fills the
// window.
void PhysicalStepTime::add_decodes(const StepWork& work, StepCost& cost) const {
  const double sequences = static_cast<double>(work.decode_sequences);
  const double context = work.decode_context_tokens;
  const double window = sequences * terms_.window_tokens;
  const double within = std::min(context, window);
  const bool window_grows = context < window;
  const double window_growth = window_grows ? sequences : 0;
  if (window_grows) cost.steps = steps_below({context, sequences}, window);
  const auto add = [&](Line& line, const ContextTerm& term, double times) {
    line.first += times * context_seconds(term, context, within);
    line.growth += times * context_seconds(term, sequences, window_growth);
  };
  const double slowdown = work.prefill_tokens > 0 ? terms_.mixed_decode_slowdown : 1;
  add(cost.seconds, terms_.decode_per_context, slowdown);
  add(cost.ideal_compute_seconds, terms_.ideal.compute_per_context, 1);
  add(cost.ideal_memory_seconds, terms_.ideal.memory_per_context, 1);
  cost.seconds.first += terms_.decode_fixed + slowdown * terms_.decode_per_sequence * sequences;
}

void PhysicalStepTime::add_walk(const StepWork& work, double prefill_seconds, StepCost& cost) const {
  const Line walk = walk_seconds(terms_.walk, work, prefill_seconds, cost.steps);
  cost.seconds = {cost.seconds.first + walk.first, cost.seconds.growth + walk.growth};
}

void PhysicalStepTime::add_ideal(const StepWork& work, double experts, StepCost& cost) const {
  const IdealTerms& ideal = terms_.ideal;
  const double tokens = static_cast<double>(work.tokens());
  const double chunk_tokens = static_cast<double>(work.prefill_tokens);
  const double chunks = static_cast<double>(work.prefill_sequences);
  const double pairs = work.prefill_attention_pairs;
  const double context = work.prefill_context_tokens;
  cost.ideal_compute_seconds.first +=
      ideal.compute_per_token * tokens +
      ideal.compute_per_sample * static_cast<double>(work.sampled_sequences) +
      context_seconds(ideal.compute_per_pair, pairs, std::min(pairs, chunk_tokens * terms_.window_tokens));
  cost.ideal_memory_seconds.first +=
      ideal.memory + ideal.memory_per_expert * experts + ideal.memory_per_token * tokens +
      (work.sampled_sequences > 0 ? ideal.memory_per_sampling_step : 0) +
      context_seconds(ideal.memory_per_context, context,
                      std::min(context, chunks * terms_.window_tokens + chunk_tokens));
}

// The step lasts as long as the slower of device and processor when planning is hidden, and never less than
// the launches take.
void PhysicalStepTime::apply_processor(const StepWork& work, StepCost& cost) const {
  const double planning = terms_.cpu_step + terms_.cpu_per_sequence * static_cast<double>(work.sequences());
  const double launches = launch_seconds(work);
  const double floor = terms_.async_scheduling ? std::max(planning, launches) : launches;
  if (cost.seconds.first <= floor) {
    cost.steps = std::min(cost.steps, steps_below(cost.seconds, floor));
    cost.seconds = {floor, 0};
  }
  if (!terms_.async_scheduling) cost.seconds.first += planning;
}

StepCost PhysicalStepTime::cost(const StepWork& work) const {
  const double experts =
      terms_.routed.experts > 0
          ? expected_experts(terms_.routed.experts, terms_.routed.experts_per_token, work.tokens())
          : 0;
  StepCost cost;
  cost.seconds.first = linear_seconds(work, experts);
  const double prefill = work.prefill_tokens > 0 ? prefill_seconds(work) : 0;
  cost.seconds.first += prefill;
  add_ideal(work, experts, cost);
  if (work.decode_sequences > 0) add_decodes(work, cost);
  if (terms_.walk.is_used()) add_walk(work, prefill, cost);
  apply_processor(work, cost);
  return cost;
}

}  // namespace kvsim::models
