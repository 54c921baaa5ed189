// SPDX-License-Identifier: Apache-2.0
#include "models/step_time_shape.h"

#include <algorithm>

namespace kvsim::models {
namespace {

void add_latent_attention(RankShape& shape, const ModelCard& card, const Types& types, double tp) {
  const LatentAttention& mla = *card.mla;
  const double heads = card.heads / tp;
  const double query = heads * (mla.nope_dim + mla.rope_dim);
  auto add = [&](double inputs, double outputs) {
    shape.matrices.push_back({inputs, outputs, shape.layers, types.weights, true, false});
  };
  if (mla.q_rank > 0) add(shape.hidden, mla.q_rank);
  add(mla.q_rank > 0 ? mla.q_rank : shape.hidden, query);
  add(shape.hidden, mla.kv_rank + mla.rope_dim);
  add(mla.kv_rank, heads * (mla.nope_dim + mla.value_dim));
  add(heads * mla.value_dim, shape.hidden);
  AttentionShape& attention = shape.attention;
  attention.flops_per_pair = 2 * heads * (mla.nope_dim + mla.rope_dim + mla.value_dim);
  attention.flops_per_context_token = 2 * heads * (2.0 * mla.kv_rank + mla.rope_dim);
  attention.flops_per_projected_token = 2 * mla.kv_rank * heads * (mla.nope_dim + mla.value_dim);
  attention.kv_bytes_per_token = (mla.kv_rank + mla.rope_dim) * bytes_per_value(types.kv);
  shape.elementwise_values += shape.layers * 2 * query;
}

void add_attention(RankShape& shape, const ModelCard& card, const Types& types, double tp) {
  const double dim = card.head_dim;
  const double query = card.heads / tp * dim;
  const double key_value = 2 * std::max(1.0, card.kv_heads / tp) * dim;
  shape.matrices.push_back({shape.hidden, query + key_value, shape.layers, types.weights, true, false});
  shape.matrices.push_back({query, shape.hidden, shape.layers, types.weights, true, false});
  shape.attention.kv_heads = std::max(1.0, card.kv_heads / tp);
  shape.attention.flops_per_pair = 4 * query;
  shape.attention.flops_per_context_token = 4 * query;
  shape.attention.kv_bytes_per_token = key_value * bytes_per_value(types.kv);
  shape.elementwise_values += shape.layers * 2 * (query + key_value);
}

void add_mlp(RankShape& shape, const ModelCard& card, const Types& types, double width, double layers) {
  if (width <= 0 || layers <= 0) return;
  const double inner = card.gated_mlp ? 2 * width : width;
  shape.matrices.push_back({shape.hidden, inner, layers, types.weights, true, false});
  shape.matrices.push_back({width, shape.hidden, layers, types.weights, true, false});
  shape.elementwise_values += layers * (inner + width);
}

void add_experts(RankShape& shape, const ModelCard& card, const Types& types, double tp) {
  const MixtureOfExperts& moe = *card.moe;
  const double layers = shape.layers - moe.dense_layers;
  const double width = static_cast<double>(moe.expert_intermediate) / tp;
  const double matrices = card.gated_mlp ? 3 : 2;
  shape.matrices.push_back(
      {shape.hidden, static_cast<double>(moe.experts), layers, types.embeddings, false, false});
  add_mlp(shape, card, types, static_cast<double>(moe.shared_intermediate) / tp, layers);
  shape.routed.layers = layers;
  shape.routed.experts = moe.experts;
  shape.routed.experts_per_token = moe.experts_per_token;
  shape.routed.values = matrices * shape.hidden * width;
  shape.routed.row_values = 2 * shape.hidden + matrices * width;
  shape.routed.storage = types.expert_weights;
  // Each token's row is copied to its experts and their outputs are gathered and added.
  shape.elementwise_values +=
      layers * moe.experts_per_token * (4 * shape.hidden + (card.gated_mlp ? 3 : 2) * width);
}

}  // namespace

RankShape rank_shape(const ModelCard& card, const Types& types, std::uint32_t tp) {
  RankShape shape;
  shape.layers = card.layers;
  shape.hidden = static_cast<double>(card.hidden);
  if (card.mla) {
    add_latent_attention(shape, card, types, tp);
  } else {
    add_attention(shape, card, types, tp);
  }
  const double dense_layers = card.moe ? card.moe->dense_layers : card.layers;
  add_mlp(shape, card, types, static_cast<double>(card.intermediate) / tp, dense_layers);
  if (card.moe) add_experts(shape, card, types, tp);
  shape.attention.heads = card.heads / static_cast<double>(tp);
  shape.attention.window_layers = card.sliding_window ? card.sliding_window->layers : 0;
  shape.attention.window_tokens = card.sliding_window ? card.sliding_window->tokens : 0;
  shape.attention.full_layers = shape.layers - shape.attention.window_layers;
  shape.logit_values = static_cast<double>(card.vocabulary) / tp;
  shape.matrices.push_back({shape.hidden, shape.logit_values, 1, types.embeddings, false, true});
  // Two norms a layer, each reading and writing the row and the residual; the embedding.
  shape.elementwise_values += shape.layers * 8 * shape.hidden + 2 * shape.hidden;
  return shape;
}

double expected_experts(double experts, double per_token, std::uint64_t tokens) {
  double untouched = 1;
  double factor = 1 - per_token / experts;
  for (std::uint64_t bits = tokens; bits > 0 && untouched > 0; bits >>= 1) {
    if (bits & 1) untouched *= factor;
    factor *= factor;
  }
  return experts * (1 - untouched);
}

}  // namespace kvsim::models
