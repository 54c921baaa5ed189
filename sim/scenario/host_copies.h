// SPDX-License-Identifier: Apache-2.0
// How large the copies between GPU and host memory are, and how long they take.
#pragma once

#include <cstdint>
#include <string>

#include "hardware-catalog/catalog.h"
#include "models/model_card.h"
#include "sim/kv/tier_settings.h"

namespace kvsim::sim {

inline constexpr std::string_view kFirstContiguousVersion = "0.12.0";  // all layers of a block lie together

// Bytes of one copy of one rank. From vLLM 0.12 on one engine block of all layers is contiguous; before, keys
// and values of each layer were apart (MLA: one entry a layer). Source: vLLM's post on its offloading
// connector, 2026-01.
double copy_bytes(const models::ModelCard& model, NumberType kv, std::uint32_t tp,
                  std::uint32_t engine_block_tokens, const std::string& engine_version);

// As measured, with the bandwidth times `scale`; encryption (0: none) takes its turn after each copy:
// 1/B' = 1/B + 1/E.
CopyCurve copy_curve(const CopyFigures& measured, double scale, double encryption_bytes_per_second);

// Rate of two works on the same bytes, one after the other; 0 stands for no work at all.
double rate_in_turn(double first_bytes_per_second, double second_bytes_per_second);

}  // namespace kvsim::sim
