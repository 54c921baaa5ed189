// SPDX-License-Identifier: Apache-2.0
// vLLM's defaults as they follow from accelerator, model and engine version. Sources: vLLM's EngineArgs and
// scheduler of 2025-26; figures that are general knowledge are marked in the .cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hardware-catalog/catalog.h"
#include "models/model_card.h"
#include "sim/replica/engine_settings.h"

namespace kvsim::sim {

// True for a vLLM version: "0.19.0", "v0.25.1", "0.11.0rc2", "0.10.1+rocm". Compare with
// models::compare_versions.
bool is_engine_version(std::string_view text);
std::string plain_engine_version(std::string_view text);  // without a leading v

// First versions with a behaviour that differs from the ones before.
inline constexpr std::string_view kFirstV1Version = "0.8.0";              // older: V0 scheduler, not modelled
inline constexpr std::string_view kFirstAsyncVersion = "0.14.0";          // async scheduling by default [K]
inline constexpr std::string_view kFirstReserveFullVersion = "0.19.0";    // whole sequence must fit [K]
inline constexpr std::string_view kFirstUnhashedFirstVersion = "0.24.0";  // unhashed blocks evicted first
inline constexpr std::string_view kFirstUtilization92Version = "0.25.0";  // 0.90 before

// Every field of EngineSettings that has a default, for `version`; max_model_len is the model's own context,
// and num_gpu_blocks stays 0. `block_size_tokens` of a TPU and the budget without chunked prefill depend on
// the final max_model_len: apply_length_defaults() sets them unless the user gave them.
EngineSettings default_engine_settings(const Accelerator& accelerator, const models::ModelCard& model,
                                       const std::string& version);

std::uint32_t default_block_size(const Accelerator& accelerator, const models::ModelCard& model,
                                 std::uint64_t max_model_len);
// Without chunked prefill a step must hold the longest prompt.
std::uint64_t raised_budget(std::uint64_t max_num_batched_tokens, bool chunked_prefill,
                            std::uint64_t max_model_len);

}  // namespace kvsim::sim
