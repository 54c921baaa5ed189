// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/resolve_engine.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/profile.h"
#include "sim/replica/engine_defaults.h"

namespace kvsim::sim {
namespace {

template <class T, class Value>
void take(const Setting<T>& setting, Value& value) {
  if (setting.given()) value = static_cast<Value>(*setting);
}

std::string engine_version(const PoolSpec& pool, const std::string& pool_name, Problems& problems,
                           std::vector<Validity>& validity) {
  const Setting<std::string>& given = pool.engine.version;
  const std::string fallback = EngineSettings().version;
  if (!given.given()) return fallback;
  if (!is_engine_version(*given)) {
    problems.add(given.place.where, given.place.path, fmt::format("'{}' is not a version of vLLM", *given),
                 "give what `vllm --version` prints inside the image, such as \"0.19.0\"");
    return fallback;
  }
  const std::string version = (*given).starts_with('v') ? (*given).substr(1) : *given;
  if (models::compare_versions(version, kFirstV1Version) < 0) {
    validity.push_back(
        {"pool " + pool_name + ": engine version",
         fmt::format("vLLM {} has the V0 scheduler, which is not modelled; the V1 scheduler runs "
                     "instead",
                     version)});
  }
  return version;
}

void apply_flags(const EngineSpec& flags, EngineSettings& settings) {
  take(flags.max_num_batched_tokens, settings.max_num_batched_tokens);
  take(flags.max_num_seqs, settings.max_num_seqs);
  take(flags.max_model_len, settings.max_model_len);
  take(flags.long_prefill_token_threshold, settings.long_prefill_token_threshold);
  take(flags.enable_chunked_prefill, settings.chunked_prefill);
  take(flags.enable_prefix_caching, settings.prefix_caching);
  take(flags.async_scheduling, settings.async_scheduling);
  take(flags.scheduler_reserve_full_isl, settings.reserve_full_sequence);
  take(flags.watermark, settings.watermark);
  take(flags.gpu_memory_utilization, settings.gpu_memory_utilization);
  take(flags.num_gpu_blocks_override, settings.num_gpu_blocks);
  if (flags.scheduling_policy.given()) {
    settings.policy = *flags.scheduling_policy == "priority" ? QueuePolicy::kPriority : QueuePolicy::kFcfs;
  }
}

// A step has to hold the longest prompt where prompts are not cut, and one token for each sequence.
void check_budget(const EngineSpec& flags, std::uint64_t longest, EngineSettings& settings,
                  Problems& problems) {
  const bool whole_prompts = !settings.chunked_prefill && settings.max_num_batched_tokens < longest;
  const Place& place = flags.max_num_batched_tokens.place;
  if (whole_prompts && flags.max_num_batched_tokens.given()) {
    problems.add(place.where, place.path,
                 fmt::format("{} tokens are less than max_model_len ({}), and chunked prefill is off",
                             settings.max_num_batched_tokens, longest),
                 "raise it, lower max_model_len or leave chunked prefill on");
  } else if (whole_prompts) {
    settings.max_num_batched_tokens = longest;
  }
  if (settings.max_num_seqs <= settings.max_num_batched_tokens) return;
  if (flags.max_num_seqs.given()) {
    problems.add(
        flags.max_num_seqs.place.where, flags.max_num_seqs.place.path,
        fmt::format("{} sequences are more than max_num_batched_tokens ({})", settings.max_num_seqs,
                    settings.max_num_batched_tokens),
        "each running sequence needs one token of the budget: lower max_num_seqs or raise the budget");
  }
  settings.max_num_seqs = static_cast<std::uint32_t>(settings.max_num_batched_tokens);
}

}  // namespace

EngineSettings resolve_engine(const PoolSpec& pool, const std::string& pool_name,
                              const models::ModelCard& model, const Accelerator& accelerator,
                              Problems& problems, std::vector<Validity>& validity) {
  EngineSettings settings =
      default_engine_settings(accelerator, model, engine_version(pool, pool_name, problems, validity));
  apply_flags(pool.engine, settings);
  const std::uint64_t length = settings.max_model_len > 0 ? settings.max_model_len : model.max_context_tokens;
  settings.block_size_tokens = static_cast<std::uint32_t>(
      pool.engine.block_size.value_or(default_block_size(accelerator, model, length)));
  check_budget(pool.engine, length, settings, problems);
  if (settings.max_model_len > model.max_context_tokens) {
    validity.push_back({"pool " + pool_name + ": max_model_len",
                        fmt::format("{} tokens are beyond the model's published context of {}",
                                    settings.max_model_len, model.max_context_tokens)});
  }
  return settings;
}

EngineSpec engine_spec(const EngineSettings& settings) {
  EngineSpec spec;
  spec.version.value = settings.version;
  spec.max_num_batched_tokens.value = settings.max_num_batched_tokens;
  spec.max_num_seqs.value = settings.max_num_seqs;
  spec.block_size.value = settings.block_size_tokens;
  spec.max_model_len.value = settings.max_model_len;
  spec.long_prefill_token_threshold.value = settings.long_prefill_token_threshold;
  spec.enable_chunked_prefill.value = settings.chunked_prefill;
  spec.enable_prefix_caching.value = settings.prefix_caching;
  spec.async_scheduling.value = settings.async_scheduling;
  spec.scheduler_reserve_full_isl.value = settings.reserve_full_sequence;
  spec.watermark.value = settings.watermark;
  spec.gpu_memory_utilization.value = settings.gpu_memory_utilization;
  spec.scheduling_policy.value = settings.policy == QueuePolicy::kPriority ? "priority" : "fcfs";
  if (settings.num_gpu_blocks > 0) spec.num_gpu_blocks_override.value = settings.num_gpu_blocks;
  return spec;
}

}  // namespace kvsim::sim
