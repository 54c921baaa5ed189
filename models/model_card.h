// SPDX-License-Identifier: Apache-2.0
// A language model's shape: what decides its memory, its arithmetic and its KV cache.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "hardware-catalog/number_type.h"

namespace kvsim::models {

struct MixtureOfExperts {
  std::uint32_t experts = 0;  // routed experts in each MoE layer
  std::uint32_t experts_per_token = 0;
  std::uint32_t shared_experts = 0;       // always on
  std::uint64_t expert_intermediate = 0;  // width of one routed expert
  std::uint64_t shared_intermediate = 0;  // width of all shared experts together
  std::uint32_t dense_layers = 0;         // leading layers with a dense MLP instead

  bool operator==(const MixtureOfExperts&) const = default;
};

struct LatentAttention {  // MLA: one compressed KV vector for each token, the same on every TP rank
  std::uint32_t kv_rank = 0;
  std::uint32_t rope_dim = 0;
  std::uint32_t q_rank = 0;     // 0: queries are not compressed
  std::uint32_t nope_dim = 0;   // per head
  std::uint32_t value_dim = 0;  // per head

  bool operator==(const LatentAttention&) const = default;
};

struct SlidingWindow {
  std::uint32_t tokens = 0;
  std::uint32_t layers = 0;  // this many layers attend only so far back

  bool operator==(const SlidingWindow&) const = default;
};

struct ModelCard {
  std::string name;                  // "Llama-3.1-8B"
  std::vector<std::string> aliases;  // Hugging Face ids and served names; compared without case
  std::string source;
  std::string date;
  std::vector<std::string> unverified;  // fields whose figures were derived or recalled, not read
  std::uint32_t layers = 0;
  std::uint64_t hidden = 0;
  std::uint32_t heads = 0;
  std::uint32_t kv_heads = 0;
  std::uint32_t head_dim = 0;      // of queries and keys; MLA: nope_dim + rope_dim
  std::uint64_t intermediate = 0;  // dense MLP width; 0 when every layer is MoE
  bool gated_mlp = true;           // SwiGLU: three matrices instead of two
  std::uint64_t vocabulary = 0;
  bool tied_embeddings = false;
  std::uint64_t max_context_tokens = 0;
  std::optional<MixtureOfExperts> moe;
  std::optional<LatentAttention> mla;
  std::optional<SlidingWindow> sliding_window;
  NumberType weight_type = NumberType::kBf16;         // of attention and MLP matrices as published
  NumberType expert_weight_type = NumberType::kBf16;  // of routed experts, where they differ
  NumberType embedding_type = NumberType::kBf16;      // of embeddings, lm_head and norms

  bool operator==(const ModelCard&) const = default;
};

class ModelLibrary {
 public:
  // Reads every `model: NAME` document under `folder`. `overlays` are files or folders of the same form, or
  // Hugging Face config.json files (named after their folder), that add models or replace them; accelerators
  // and prices in them are left to Catalog. All problems at once (InputError).
  static ModelLibrary load(const std::string& folder, const std::vector<std::string>& overlays = {});
  static ModelLibrary load_default(const std::vector<std::string>& overlays = {});
  const std::vector<ModelCard>& cards() const { return cards_; }
  const ModelCard* find(std::string_view name_or_alias) const;
  std::vector<std::string> names() const;

 private:
  std::vector<ModelCard> cards_;
};

// A card out of a Hugging Face config.json (dense, MoE, MLA; quantization_config of fp8, gptq, awq,
// compressed-tensors, mxfp4, modelopt). A shape that is not understood is a problem, never a guess; a missing
// dtype is taken as bf16 and listed as unverified. Throws InputError.
ModelCard card_from_hugging_face(const Document& config, const std::string& name);

}  // namespace kvsim::models
