// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "models/profile.h"

namespace kvsim::models {
namespace {

using Suffix = CoefficientSuffix;
using Unit = CoefficientUnit;

bool valid_suffix(Suffix kind, std::string_view suffix) {
  if (kind == Suffix::kType) {
    const auto names = number_type_names();
    return std::find(names.begin(), names.end(), suffix) != names.end();
  }
  if (kind != Suffix::kRanks || !suffix.starts_with("tp")) return false;
  const auto ranks = parse_integer(suffix.substr(2));
  return ranks && *ranks >= 2 && *ranks <= 4096;
}

}  // namespace

const std::vector<CoefficientRow>& coefficient_table() {
  static const std::vector<CoefficientRow> table = {
      {"gemm_kernel_seconds", Unit::kSeconds, Suffix::kType, "latency of one matrix product"},
      {"gemm_compute_share", Unit::kShare, Suffix::kType, "of peak FLOP/s, many tokens"},
      {"gemm_bandwidth_share", Unit::kShare, Suffix::kType, "of peak bandwidth, few tokens"},
      {"gemm_half_tokens", Unit::kTokens, Suffix::kType, "tokens at half the compute share"},
      {"gemm_overlap_share", Unit::kShare, Suffix::kNone, "of the shorter of arithmetic and reading, hidden"},
      {"expert_compute_share", Unit::kShare, Suffix::kType, "of peak FLOP/s in routed experts' products"},
      {"prefill_kernel_seconds", Unit::kSeconds, Suffix::kNone, "latency of prefill attention, a layer"},
      {"prefill_compute_share", Unit::kShare, Suffix::kType, "of peak FLOP/s in prefill attention"},
      {"prefill_padding_tokens", Unit::kTokens, Suffix::kNone, "keys wasted for each query"},
      {"decode_kernel_seconds", Unit::kSeconds, Suffix::kNone, "latency of decode attention, a layer"},
      {"decode_bandwidth_share", Unit::kShare, Suffix::kType, "of peak bandwidth reading KV"},
      {"mixed_decode_share", Unit::kShare, Suffix::kNone, "of decode attention's speed, beside a prefill"},
      {"decode_padding_tokens", Unit::kTokens, Suffix::kNone, "context wasted for each sequence"},
      {"attention_walk_seconds", Unit::kSeconds, Suffix::kNone,
       "a token of context, by one group of threads alone, a layer"},
      {"attention_walk_groups", Unit::kCount, Suffix::kNone, "groups of threads that walk at once"},
      {"elementwise_bandwidth_share", Unit::kShare, Suffix::kNone, "of peak bandwidth, other kernels"},
      {"allreduce_latency_seconds", Unit::kSeconds, Suffix::kRanks, "latency of one all-reduce"},
      {"allreduce_bandwidth_share", Unit::kShare, Suffix::kRanks, "of the interconnect's rate"},
      {"step_seconds", Unit::kSeconds, Suffix::kNone, "on the device, each step"},
      {"sequence_seconds", Unit::kSeconds, Suffix::kNone, "on the device, each sequence of a step"},
      {"layer_seconds", Unit::kSeconds, Suffix::kNone, "latency of a layer's small kernels"},
      {"moe_layer_seconds", Unit::kSeconds, Suffix::kNone, "latency of routing in an MoE layer"},
      {"moe_padding_tokens", Unit::kTokens, Suffix::kNone, "rows wasted for each expert in use"},
      {"step_cpu_seconds", Unit::kSeconds, Suffix::kNone, "scheduling and output, each step"},
      {"sequence_cpu_seconds", Unit::kSeconds, Suffix::kNone, "scheduling and output, each sequence"},
      {"launch_graph_seconds", Unit::kSeconds, Suffix::kNone, "CPU: a step as one CUDA graph"},
      {"launch_piecewise_layer_seconds", Unit::kSeconds, Suffix::kNone, "CPU: a layer in graph pieces"},
      {"launch_compiled_layer_seconds", Unit::kSeconds, Suffix::kNone, "CPU: a layer without graphs"},
      {"launch_eager_layer_seconds", Unit::kSeconds, Suffix::kNone, "CPU: a layer with --enforce-eager"},
      {"frontend_seconds", Unit::kSeconds, Suffix::kNone, "of a request before the engine's queue"},
      {"activation_dense_bytes", Unit::kBytes, Suffix::kNone, "peak activations, dense model"},
      {"activation_moe_bytes", Unit::kBytes, Suffix::kNone, "peak activations, MoE model"},
      {"non_torch_single_bytes", Unit::kBytes, Suffix::kNone, "other memory, one device"},
      {"non_torch_group_bytes", Unit::kBytes, Suffix::kNone, "other memory, each of several devices"},
  };
  return table;
}

const CoefficientRow* find_coefficient(std::string_view name) {
  const auto dot = name.find('.');
  for (const CoefficientRow& row : coefficient_table()) {
    if (row.name != name.substr(0, dot)) continue;
    const bool bare = dot == std::string_view::npos;
    if (bare) return row.suffix == Suffix::kNone ? &row : nullptr;
    return valid_suffix(row.suffix, name.substr(dot + 1)) ? &row : nullptr;
  }
  return nullptr;
}

}  // namespace kvsim::models
