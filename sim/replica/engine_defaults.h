// SPDX-License-Identifier: Apache-2.0
// vLLM's defaults as they follow from accelerator, model and engine version. Source: vLLM's EngineArgs,
// scheduler and platform files of 2025-26; [K] marks general knowledge that was not checked against the
// source.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hardware-catalog/catalog.h"
#include "models/model_card.h"
#include "sim/replica/engine_settings.h"

namespace kvsim::sim {

// True for a vLLM version: "0.19.0", "v0.25.1", "0.11.0rc2", "0.10.1+rocm". models::compare_versions orders
// them.
bool is_engine_version(std::string_view text);

// First versions with a behaviour that differs from the ones before.
inline constexpr std::string_view kFirstV1Version = "0.8.0";      // older: V0 scheduler, not modelled [K]
inline constexpr std::string_view kFirstAsyncVersion = "0.14.0";  // async scheduling by default [K]
inline constexpr std::string_view kFirstReserveFullVersion = "0.19.0";  // the whole sequence must fit [K]
inline constexpr std::string_view kFirstUnhashedFirstVersion =
    "0.24.0";  // blocks without hash are taken first
inline constexpr std::string_view kFirstUtilization92Version = "0.25.0";  // 0.90 before

// Every default for `version`. max_model_len is the model's own context; num_gpu_blocks is 0 (from memory).
EngineSettings default_engine_settings(const Accelerator& accelerator, const models::ModelCard& model,
                                       const std::string& version);

// Depends on the final max_model_len on a TPU.
std::uint32_t default_block_size(const Accelerator& accelerator, const models::ModelCard& model,
                                 std::uint64_t max_model_len);

}  // namespace kvsim::sim
