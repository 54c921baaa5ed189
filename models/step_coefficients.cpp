// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include "models/fit_steps.h"

namespace kvsim::models {
namespace {

class Names {
 public:
  void add(std::string_view name) { add_whole(std::string(name)); }
  void add(std::string_view name, NumberType type) {
    add_whole(std::string(name) + "." + std::string(kvsim::name(type)));
  }
  void add(std::string_view name, std::uint32_t ranks) {
    add_whole(std::string(name) + ".tp" + std::to_string(ranks));
  }
  std::vector<std::string> take() { return std::move(names_); }

 private:
  void add_whole(std::string name) {
    if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(std::move(name));
  }
  std::vector<std::string> names_;
};

void add_products(const StepSetting& setting, NumberType asked, Names& names) {
  const NumberType type = arithmetic_of(setting.accelerator, asked).type;
  for (const char* name :
       {"gemm_kernel_seconds", "gemm_compute_share", "gemm_bandwidth_share", "gemm_half_tokens"})
    names.add(name, type);
  if (setting.card.moe) names.add("expert_compute_share", type);
}

void add_engine(const StepSetting& setting, Names& names) {
  for (const char* name : {"step_cpu_seconds", "sequence_cpu_seconds"}) names.add(name);
  if (setting.engine.cuda_graphs) {
    for (const char* name :
         {"launch_graph_seconds", "launch_piecewise_layer_seconds", "launch_compiled_layer_seconds"})
      names.add(name);
  } else {
    names.add("launch_eager_layer_seconds");
  }
  if (setting.tp < 2) return;
  names.add("allreduce_latency_seconds", setting.tp);
  names.add("allreduce_bandwidth_share", setting.tp);
}

}  // namespace

std::string_view phase_of(const StepWork& work) {
  if (work.prefill_tokens == 0) return "decode";
  return work.decode_sequences == 0 ? "prefill" : "mixed";
}

std::vector<std::string> step_coefficients(const StepSetting& setting,
                                           const std::vector<StepSample>& samples) {
  const auto any = [&](const std::function<bool(const StepSample&)>& is) {
    return std::any_of(samples.begin(), samples.end(), is);
  };
  Names names;
  for (const StepSample& sample : samples)
    add_products(setting, types_of(sample, setting.types).matmul, names);
  if (setting.card.moe)
    for (const char* name : {"moe_layer_seconds", "moe_padding_tokens"}) names.add(name);
  if (any([](const StepSample& s) { return s.work.prefill_tokens > 0; })) {
    names.add("prefill_compute_share", arithmetic_of(setting.accelerator, setting.types.attention).type);
  }
  if (any([](const StepSample& s) { return s.work.decode_sequences > 0; })) {
    names.add("decode_bandwidth_share", setting.types.kv);
    for (const char* name : {"decode_padding_tokens", "decode_kernel_seconds"}) names.add(name);
  }
  for (const char* name : {"step_seconds", "sequence_seconds", "layer_seconds"}) names.add(name);
  if (any([](const StepSample& s) { return s.launch == StepLaunch::kEager; }))
    names.add("launch_eager_layer_seconds");
  if (any([](const StepSample& s) { return s.launch == StepLaunch::kEngine; })) add_engine(setting, names);
  return names.take();
}

}  // namespace kvsim::models
