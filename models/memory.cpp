// SPDX-License-Identifier: Apache-2.0
#include "models/memory.h"

#include <algorithm>
#include <cmath>

namespace kvsim::models {
namespace {

// Parameters that one of `tp` ranks holds. Doubles are exact here: cards have fewer than 2^53 parameters.
struct RankParameters {
  double embeddings = 0;  // input table
  double head = 0;        // language-model head, when it is not the input table again
  double linear = 0;      // attention and dense or shared MLP matrices
  double experts = 0;     // routed ones
  double small = 0;       // norms and routers

  double total() const { return embeddings + head + linear + experts + small; }
};

std::uint32_t moe_layers(const ModelCard& card) {
  return card.moe ? card.layers - card.moe->dense_layers : 0;
}

double kv_heads_per_rank(const ModelCard& card, std::uint32_t tp) {
  return std::max(1.0, static_cast<double>(card.kv_heads) / tp);
}

double mlp(const ModelCard& card, std::uint64_t width) {
  return (card.gated_mlp ? 3.0 : 2.0) * static_cast<double>(card.hidden) * static_cast<double>(width);
}

// Projections of one layer's attention.
double grouped_attention(const ModelCard& card, std::uint32_t tp) {
  const double hidden = static_cast<double>(card.hidden);
  const double queries = 2.0 * hidden * card.heads * card.head_dim / tp;  // and the output projection
  return queries + 2.0 * hidden * kv_heads_per_rank(card, tp) * card.head_dim;
}

double latent_attention(const ModelCard& card, const LatentAttention& mla, std::uint32_t tp) {
  const double hidden = static_cast<double>(card.hidden);
  const double heads = static_cast<double>(card.heads) / tp;
  const double query_width = heads * (mla.nope_dim + mla.rope_dim);
  const double queries = mla.q_rank > 0 ? mla.q_rank * (hidden + query_width) : hidden * query_width;
  const double keys_and_values =
      hidden * (mla.kv_rank + mla.rope_dim) + mla.kv_rank * heads * (mla.nope_dim + mla.value_dim);
  return queries + keys_and_values + heads * mla.value_dim * hidden;
}

double attention(const ModelCard& card, std::uint32_t tp) {
  return card.mla ? latent_attention(card, *card.mla, tp) : grouped_attention(card, tp);
}

double norms(const ModelCard& card) {
  const double latent = card.mla ? card.mla->q_rank + card.mla->kv_rank : 0;
  return card.layers * (2.0 * static_cast<double>(card.hidden) + latent) + static_cast<double>(card.hidden);
}

RankParameters count(const ModelCard& card, std::uint32_t tp) {
  RankParameters rank;
  const std::uint32_t sparse = moe_layers(card);
  const double table = static_cast<double>(card.vocabulary) * static_cast<double>(card.hidden);
  rank.embeddings = table / tp;
  rank.head = card.tied_embeddings ? 0 : table / tp;
  rank.linear =
      card.layers * attention(card, tp) + (card.layers - sparse) * mlp(card, card.intermediate) / tp;
  rank.small = norms(card);
  if (card.moe) {
    rank.linear += sparse * mlp(card, card.moe->shared_intermediate) / tp;
    rank.experts =
        static_cast<double>(sparse) * card.moe->experts * mlp(card, card.moe->expert_intermediate) / tp;
    rank.small += static_cast<double>(sparse) * card.moe->experts * static_cast<double>(card.hidden);
  }
  return rank;
}

// Readers refuse shapes beyond 1e15 by this very count, so it must not overflow on them.
std::uint64_t whole(double parameters) {
  return static_cast<std::uint64_t>(std::min(std::round(parameters), 1e18));
}

NumberType arithmetic_of(NumberType weights, NumberType sixteen_bits) {
  return weights == NumberType::kInt4 || weights == NumberType::kFp32 ? sixteen_bits : weights;
}

}  // namespace

Types published_types(const ModelCard& card) {
  const NumberType sixteen_bits =
      card.embedding_type == NumberType::kFp16 ? NumberType::kFp16 : NumberType::kBf16;
  Types types;
  types.weights = card.weight_type;
  types.expert_weights = card.expert_weight_type;
  types.embeddings = card.embedding_type;
  types.matmul = arithmetic_of(card.weight_type, sixteen_bits);
  types.attention = sixteen_bits;
  types.kv = sixteen_bits;
  return types;
}

std::uint64_t parameters(const ModelCard& card) { return whole(count(card, 1).total()); }

std::uint64_t active_parameters(const ModelCard& card) {
  RankParameters active = count(card, 1);
  active.head = active.embeddings;
  active.embeddings = static_cast<double>(card.hidden);
  if (card.moe) active.experts *= static_cast<double>(card.moe->experts_per_token) / card.moe->experts;
  return whole(active.total());
}

double kv_bytes_per_token_per_rank(const ModelCard& card, NumberType kv, std::uint32_t tp) {
  const double values =
      card.mla ? card.mla->kv_rank + card.mla->rope_dim : 2.0 * kv_heads_per_rank(card, tp) * card.head_dim;
  return card.layers * values * bytes_per_value(kv);
}

double kv_bytes_per_token(const ModelCard& card, NumberType kv, std::uint32_t tp) {
  return tp * kv_bytes_per_token_per_rank(card, kv, tp);
}

double weight_bytes_per_rank(const ModelCard& card, const Types& types, std::uint32_t tp) {
  const RankParameters rank = count(card, tp);
  return rank.linear * bytes_per_value(types.weights) + rank.experts * bytes_per_value(types.expert_weights) +
         (rank.embeddings + rank.head + rank.small) * bytes_per_value(types.embeddings);
}

bool tp_divides(const ModelCard& card, std::uint32_t tp) {
  const bool kv_heads = card.mla || card.kv_heads % tp == 0 || tp % card.kv_heads == 0;
  const bool experts =
      !card.moe || (card.moe->expert_intermediate % tp == 0 && card.moe->shared_intermediate % tp == 0);
  return card.heads % tp == 0 && kv_heads && card.intermediate % tp == 0 && experts;
}

}  // namespace kvsim::models
