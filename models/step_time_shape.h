// SPDX-License-Identifier: Apache-2.0
// What one tensor-parallel rank computes and reads for a model: the counts of operations and bytes behind
// every term of the step time, before any speed. Matrices are split by columns (QKV, gate and up) or by rows
// (output, down) over the ranks; KV heads are split and, once there are more ranks than heads, copied; MLA's
// down-projections and its latent cache are whole on every rank; each routed expert's width is split.
#pragma once

#include <cstdint>
#include <vector>

#include "models/memory.h"
#include "models/model_card.h"

namespace kvsim::models {

struct Matrix {  // `count` products a step of rows x inputs by inputs x outputs
  double inputs = 0;
  double outputs = 0;
  double count = 0;
  NumberType storage = NumberType::kBf16;
  bool quantised = false;  // runs in the arithmetic type of linear layers; otherwise in the model's 16 bits
  bool sampled_rows = false;  // rows: the sampled sequences instead of the step's tokens
};

struct RoutedExperts {
  double layers = 0;  // MoE layers; 0: a dense model
  double experts = 0;
  double experts_per_token = 0;
  double values = 0;      // of one expert's matrices
  double row_values = 0;  // inputs and outputs of one row
  NumberType storage = NumberType::kBf16;
};

struct AttentionShape {                  // of one layer
  double flops_per_pair = 0;             // a query and a key in prefill
  double flops_per_context_token = 0;    // a decode's query and a cached token
  double flops_per_projected_token = 0;  // MLA: a cached token made into keys and values again, for a chunk
  double kv_bytes_per_token = 0;
  double heads = 0;
  double kv_heads = 0;  // 0: MLA, whose latent cache all heads share
  double full_layers = 0;
  double window_layers = 0;
  double window_tokens = 0;
};

struct RankShape {
  std::vector<Matrix> matrices;
  RoutedExperts routed;
  AttentionShape attention;
  double layers = 0;
  double hidden = 0;
  double elementwise_values =
      0;                    // read and written by norms, activations and rotary embedding, for one token
  double logit_values = 0;  // of one sampled row
};

RankShape rank_shape(const ModelCard& card, const Types& types, std::uint32_t tp);

// Expected number of distinct experts that `tokens` tokens choose, each `per_token` of `experts` at random:
// E (1 - (1 - k / E)^T). From multiplications alone, so the same bits everywhere.
double expected_experts(double experts, double per_token, std::uint64_t tokens);

}  // namespace kvsim::models
