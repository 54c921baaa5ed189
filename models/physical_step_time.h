// SPDX-License-Identifier: Apache-2.0
// Step time from bytes and operations over attained speeds; docs/step-time.md derives every term.
#pragma once

#include <cstdint>
#include <vector>

#include "models/attention_walk.h"
#include "models/context_term.h"
#include "models/step_time.h"

namespace kvsim::models {

// Arithmetic and reading at once: the longer, and what of the shorter is not hidden behind it.
inline double overlapped(double compute, double memory, double hidden) {
  return compute > memory ? compute + (1 - hidden) * memory : memory + (1 - hidden) * compute;
}

// Products of matrices of one shape: fixed + compute and memory overlapped, both linear in the rows.
struct ProductTerm {
  double fixed = 0;
  double hidden = 1;  // share of the shorter one
  double compute = 0, compute_per_row = 0;
  double memory = 0, memory_per_row = 0;
  double seconds(double rows) const {
    const double c = compute + compute_per_row * rows;
    const double m = memory + memory_per_row * rows;
    return fixed + overlapped(c, m, hidden);
  }
};

struct ExpertTerm {    // routed experts of all MoE layers; `experts` in use come from expected_experts()
  double experts = 0;  // 0: a dense model
  double experts_per_token = 0;
  double fixed = 0;
  double hidden = 1;
  double compute_per_expert = 0, compute_per_row = 0;  // a row: one token at one expert
  double memory_per_expert = 0, memory_per_row = 0;
};

struct IdealTerms {  // at the catalog's peaks, without padding: what no profile may beat
  double compute_per_token = 0, compute_per_sample = 0;
  ContextTerm compute_per_context, compute_per_pair;
  double memory = 0, memory_per_sampling_step = 0, memory_per_expert = 0, memory_per_token = 0;
  ContextTerm memory_per_context;
};

struct StepTerms {
  // Device.
  double step = 0, per_sequence = 0, per_token = 0;  // per_token: small kernels, communication
  std::vector<ProductTerm> products;                 // rows: tokens
  std::vector<ProductTerm> sampled_products;         // rows: sampled sequences
  ExpertTerm routed;
  double window_tokens = 0;  // 0: no layer has a window
  double prefill_fixed = 0, prefill_per_token = 0, prefill_per_projected_token = 0;
  ContextTerm prefill_per_pair, prefill_per_context;
  double decode_fixed = 0, decode_per_sequence = 0;
  ContextTerm decode_per_context;
  double mixed_decode_slowdown = 1;  // of decodes' attention in a step that also prefills
  AttentionWalk walk;
  IdealTerms ideal;
  // Processor.
  double cpu_step = 0, cpu_per_sequence = 0;
  double launch_decode = 0, launch_mixed = 0,
         launch_large = 0;  // one graph, pieces, more than the largest graph
  bool async_scheduling = true;
  std::uint64_t largest_graph_tokens = 0;  // 0: no CUDA graphs, hence no padding
};

class PhysicalStepTime : public StepTimeModel {
 public:
  explicit PhysicalStepTime(StepTerms terms);
  StepCost cost(const StepWork& work) const override;
  // Tokens that run when `tokens` are asked for: 1, 2, 4, 8, then a multiple of 8 to 256 and of 16 beyond.
  std::uint64_t padded_tokens(std::uint64_t tokens) const;

 private:
  double linear_seconds(const StepWork& work, double experts) const;
  double prefill_seconds(const StepWork& work) const;
  double launch_seconds(const StepWork& work) const;
  void add_decodes(const StepWork& work, StepCost& cost) const;
  void add_walk(const StepWork& work, double prefill_seconds, StepCost& cost) const;
  void add_ideal(const StepWork& work, double experts, StepCost& cost) const;
  void apply_processor(const StepWork& work, StepCost& cost) const;

  StepTerms terms_;
};

}  // namespace kvsim::models
