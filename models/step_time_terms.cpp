// SPDX-License-Identifier: Apache-2.0
#include "models/step_time_terms.h"

#include <algorithm>
#include <cmath>

#include "models/step_time_shape.h"

namespace kvsim::models {
namespace {

constexpr double kActivationBytes = 2;  // rows between kernels are 16 bits wide
constexpr double kLogitBytes = 12;      // a logit is written and read in 16 bits, then in 32 by the sampler
constexpr std::uint64_t kLargestGraphTokens = 512;
constexpr double kWalkRows =
    16;  // vLLM's triton_unified_attention: query tokens times their heads of a group

class TermBuilder {
 public:
  TermBuilder(const ModelCard& card, const Accelerator& accelerator, const Types& types, std::uint32_t tp,
              const CoefficientChain& coefficients, bool communication)
      : types_(types),
        accelerator_(accelerator),
        coefficients_(coefficients),
        shape_(rank_shape(card, types, tp)),
        tp_(tp),
        communication_(communication && tp > 1),
        bandwidth_(accelerator.memory_bandwidth_bytes_per_second.value) {}

  StepTerms build() {
    for (const Matrix& matrix : shape_.matrices) add_product(matrix);
    if (shape_.routed.layers > 0) add_experts();
    add_small_kernels();
    add_prefill();
    add_decode();
    if (shape_.attention.kv_heads > 0) add_walk();
    if (communication_) add_communication();
    return terms_;
  }

 private:
  void add_product(const Matrix& m);
  void add_experts();
  void add_small_kernels();
  void add_prefill();
  void add_decode();
  void add_walk();
  void add_communication();
  // `per_layer` in the layers that see all of the context and in those with a window.
  ContextTerm by_layers(double per_layer) const {
    return {per_layer * shape_.attention.full_layers, per_layer * shape_.attention.window_layers};
  }

  const Types& types_;
  const Accelerator& accelerator_;
  const CoefficientChain& coefficients_;
  RankShape shape_;
  std::uint32_t tp_;
  bool communication_;
  double bandwidth_;
  StepTerms terms_;
};

void TermBuilder::add_product(const Matrix& m) {
  const Arithmetic unit = arithmetic_of(accelerator_, m.quantised ? types_.matmul : NumberType::kBf16);
  const double attained = unit.flops_per_second * coefficients_.for_type("gemm_compute_share", unit.type);
  const double read_rate = bandwidth_ * coefficients_.for_type("gemm_bandwidth_share", unit.type);
  const double flops_per_row = 2 * m.inputs * m.outputs * m.count;
  const double weight_bytes = m.inputs * m.outputs * m.count * bytes_per_value(m.storage);
  ProductTerm term;
  term.hidden = coefficients_.value("gemm_overlap_share");
  term.fixed = m.count * coefficients_.for_type("gemm_kernel_seconds", unit.type);
  term.compute_per_row = flops_per_row / attained;
  term.compute = term.compute_per_row * coefficients_.for_type("gemm_half_tokens", unit.type);
  term.memory = weight_bytes / read_rate;
  term.memory_per_row = (m.inputs + m.outputs) * m.count * kActivationBytes / read_rate;
  IdealTerms& ideal = terms_.ideal;
  if (m.sampled_rows) {
    term.memory_per_row += m.outputs * (kLogitBytes - kActivationBytes) / read_rate;
    terms_.sampled_products.push_back(term);
    ideal.compute_per_sample += flops_per_row / unit.flops_per_second;
    ideal.memory_per_sampling_step += weight_bytes / bandwidth_;
  } else {
    terms_.products.push_back(term);
    ideal.compute_per_token += flops_per_row / unit.flops_per_second;
    ideal.memory += weight_bytes / bandwidth_;
  }
}

void TermBuilder::add_experts() {
  const RoutedExperts& r = shape_.routed;
  const Arithmetic unit = arithmetic_of(accelerator_, types_.matmul);
  const double attained =
      unit.flops_per_second * std::min(coefficients_.for_type("gemm_compute_share", unit.type),
                                       coefficients_.for_type("expert_compute_share", unit.type));
  const double read_rate = bandwidth_ * coefficients_.for_type("gemm_bandwidth_share", unit.type);
  const double flops_per_row = 2 * r.values * r.layers;
  const double bytes_per_expert = r.values * r.layers * bytes_per_value(r.storage);
  ExpertTerm& term = terms_.routed;
  term.experts = r.experts;
  term.experts_per_token = r.experts_per_token;
  term.hidden = coefficients_.value("gemm_overlap_share");
  term.fixed = r.layers * (coefficients_.value("moe_layer_seconds") +
                           2 * coefficients_.for_type("gemm_kernel_seconds", unit.type));
  term.compute_per_row = flops_per_row / attained;
  term.compute_per_expert = term.compute_per_row * coefficients_.value("moe_padding_tokens");
  term.memory_per_expert = bytes_per_expert / read_rate;
  term.memory_per_row = r.row_values * r.layers * kActivationBytes / read_rate;
  terms_.ideal.compute_per_token += flops_per_row * r.experts_per_token / unit.flops_per_second;
  terms_.ideal.memory_per_expert = bytes_per_expert / bandwidth_;
}

void TermBuilder::add_small_kernels() {
  const double rate = bandwidth_ * coefficients_.value("elementwise_bandwidth_share");
  const double kv_written = shape_.layers * shape_.attention.kv_bytes_per_token;
  terms_.step = coefficients_.value("step_seconds") + shape_.layers * coefficients_.value("layer_seconds");
  terms_.per_sequence = coefficients_.value("sequence_seconds");
  terms_.per_token = (shape_.elementwise_values * kActivationBytes + kv_written) / rate;
  terms_.ideal.memory_per_token = kv_written / bandwidth_;
}

void TermBuilder::add_prefill() {
  const AttentionShape& a = shape_.attention;
  const Arithmetic unit = arithmetic_of(accelerator_, types_.attention);
  const double attained = unit.flops_per_second * coefficients_.for_type("prefill_compute_share", unit.type);
  const double read_rate = bandwidth_ * coefficients_.for_type("decode_bandwidth_share", types_.kv);
  const double pair = a.flops_per_pair / attained;
  terms_.prefill_fixed = shape_.layers * coefficients_.value("prefill_kernel_seconds");
  terms_.prefill_per_pair = by_layers(pair);
  terms_.prefill_per_token = shape_.layers * pair * coefficients_.value("prefill_padding_tokens");
  terms_.prefill_per_context = by_layers(a.kv_bytes_per_token / read_rate);
  const Arithmetic linear = arithmetic_of(accelerator_, types_.matmul);
  terms_.prefill_per_projected_token =
      shape_.layers * a.flops_per_projected_token /
      (linear.flops_per_second * coefficients_.for_type("gemm_compute_share", linear.type));
  terms_.ideal.compute_per_pair = by_layers(a.flops_per_pair / unit.flops_per_second);
}

void TermBuilder::add_decode() {
  const AttentionShape& a = shape_.attention;
  const Arithmetic unit = arithmetic_of(accelerator_, types_.attention);
  const double attained = unit.flops_per_second * coefficients_.for_type("prefill_compute_share", unit.type);
  const double read_rate = bandwidth_ * coefficients_.for_type("decode_bandwidth_share", types_.kv);
  const double token = std::max(a.kv_bytes_per_token / read_rate, a.flops_per_context_token / attained);
  terms_.window_tokens = a.window_tokens;
  terms_.decode_fixed = shape_.layers * coefficients_.value("decode_kernel_seconds");
  terms_.decode_per_context = by_layers(token);
  terms_.mixed_decode_slowdown = 1 / coefficients_.value("mixed_decode_share");
  terms_.decode_per_sequence = shape_.layers * token * coefficients_.value("decode_padding_tokens");
  terms_.ideal.memory_per_context = by_layers(a.kv_bytes_per_token / bandwidth_);
  terms_.ideal.compute_per_context = by_layers(a.flops_per_context_token / unit.flops_per_second);
}

void TermBuilder::add_walk() {
  AttentionWalk& walk = terms_.walk;
  walk.per_context = by_layers(coefficients_.value("attention_walk_seconds"));
  walk.kv_heads = shape_.attention.kv_heads;
  walk.queries_of_a_group =
      std::max(1.0, std::floor(kWalkRows * shape_.attention.kv_heads / shape_.attention.heads));
  walk.groups_at_once = coefficients_.value("attention_walk_groups");
  walk.window_tokens = shape_.attention.window_tokens;
}

// Two all-reduces a layer and one after the embedding; the logits are gathered from the ranks.
void TermBuilder::add_communication() {
  const bool within_domain = static_cast<int>(tp_) <= accelerator_.interconnect_domain;
  const double peers = accelerator_.interconnect_bytes_per_second.value;
  const double link = within_domain ? peers : std::min(peers, accelerator_.host_link_bytes_per_second.value);
  const double rate = link * coefficients_.for_ranks("allreduce_bandwidth_share", tp_);
  const double latency = coefficients_.for_ranks("allreduce_latency_seconds", tp_);
  const double passed_on = static_cast<double>(tp_ - 1) / tp_;
  const double operations = 2 * shape_.layers + 1;
  terms_.step += operations * latency;
  terms_.per_token += operations * 2 * passed_on * shape_.hidden * kActivationBytes / rate;
  ProductTerm gather;
  gather.fixed = latency;
  gather.memory_per_row = passed_on * shape_.logit_values * tp_ * kActivationBytes / rate;
  terms_.sampled_products.push_back(gather);
}

void add_processor(StepTerms& terms, double layers, const CoefficientChain& coefficients,
                   const EngineSwitches& switches) {
  terms.cpu_step = coefficients.value("step_cpu_seconds");
  terms.cpu_per_sequence = coefficients.value("sequence_cpu_seconds");
  terms.async_scheduling = switches.async_scheduling;
  if (!switches.cuda_graphs) {
    terms.launch_large = layers * coefficients.value("launch_eager_layer_seconds");
    return;
  }
  terms.largest_graph_tokens = std::min<std::uint64_t>(2ull * switches.max_num_seqs, kLargestGraphTokens);
  terms.launch_decode = coefficients.value("launch_graph_seconds");
  terms.launch_mixed = layers * coefficients.value("launch_piecewise_layer_seconds");
  terms.launch_large = layers * coefficients.value("launch_compiled_layer_seconds");
}

}  // namespace

Arithmetic arithmetic_of(const Accelerator& accelerator, NumberType type) {
  const ArithmeticRate rate = accelerator.rate(type);
  if (rate.support == Support::kNative) return {type, rate.flops_per_second.value};
  return {NumberType::kBf16, accelerator.rate(NumberType::kBf16).flops_per_second.value};
}

StepTerms step_terms(const ModelCard& card, const Accelerator& accelerator, const Types& types,
                     std::uint32_t tp, const CoefficientChain& coefficients, const EngineSwitches& switches) {
  StepTerms terms = TermBuilder(card, accelerator, types, tp, coefficients, switches.communication).build();
  add_processor(terms, card.layers, coefficients, switches);
  return terms;
}

}  // namespace kvsim::models
