// SPDX-License-Identifier: Apache-2.0
// Bytes of weights and of KV cache, per tensor-parallel rank.
#pragma once

#include <cstdint>

#include "models/model_card.h"

namespace kvsim::models {

struct Types {  // how a replica runs the model; readers fill it from the card and the flags
  NumberType weights = NumberType::kBf16;
  NumberType expert_weights = NumberType::kBf16;
  NumberType embeddings = NumberType::kBf16;
  NumberType matmul = NumberType::kBf16;     // arithmetic of linear layers
  NumberType attention = NumberType::kBf16;  // arithmetic of attention
  NumberType kv = NumberType::kBf16;         // storage of KV
};
// As published: arithmetic in the weights' own type (int4, which is weight-only, in 16 bits; int8 as W8A8),
// attention and KV in 16 bits.
Types published_types(const ModelCard& card);

// Parameters of the whole model: embeddings, language-model head, norms, projections, MLPs, experts and their
// routers. Biases, per-head norms and attention sinks are left out (under 0.1 % of every shipped card).
std::uint64_t parameters(const ModelCard& card);
std::uint64_t active_parameters(
    const ModelCard& card);  // touched by one token: one row of the embeddings, but the whole head

// KV heads are split over ranks, and copied once there are more ranks than heads: max(1, kv_heads / tp) each.
// MLA is whole on every rank. Source: vLLM v1 KV cache specs.
double kv_bytes_per_token_per_rank(const ModelCard& card, NumberType kv, std::uint32_t tp);
double kv_bytes_per_token(const ModelCard& card, NumberType kv, std::uint32_t tp);  // over all ranks
// Matrices, experts, embeddings and head are split over ranks; norms, routers and MLA's down-projections are
// whole on each, as are KV projections' heads once there are more ranks than KV heads. Norms and routers have
// the embeddings' type.
double weight_bytes_per_rank(const ModelCard& card, const Types& types, std::uint32_t tp);

// True when heads, KV heads and widths divide over `tp` ranks (tp >= 1, here and above).
bool tp_divides(const ModelCard& card, std::uint32_t tp);

}  // namespace kvsim::models
