// SPDX-License-Identifier: Apache-2.0
#include "models/hugging_face.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/fields.h"
#include "base/text.h"
#include "models/hugging_face_quantization.h"
#include "models/model_card_reader.h"

namespace kvsim::models {
namespace {

enum class Family { kDense, kMixtral, kQwenMoe, kGptOss, kDeepSeek };

struct ModelType {
  std::string_view name;
  Family family;
};

constexpr ModelType kModelTypes[] = {
    {"llama", Family::kDense},          {"mistral", Family::kDense},        {"qwen2", Family::kDense},
    {"qwen3", Family::kDense},          {"granite", Family::kDense},        {"mixtral", Family::kMixtral},
    {"qwen2_moe", Family::kQwenMoe},    {"qwen3_moe", Family::kQwenMoe},    {"gpt_oss", Family::kGptOss},
    {"deepseek_v2", Family::kDeepSeek}, {"deepseek_v3", Family::kDeepSeek},
};

std::optional<Family> find_family(Fields& config) {
  const std::string type = config.text("model_type");
  std::vector<std::string> names;
  for (const ModelType& known : kModelTypes) {
    if (known.name == type) return known.family;
    names.emplace_back(known.name);
  }
  if (config.has("text_config")) {
    config.problem("text_config", "found a model of several parts",
                   "give the map in text_config as a config.json of its own, if language alone is served");
  } else if (config.has("model_type")) {
    config.problem("model_type", "found '" + type + "', whose shape is not known",
                   valid_names_remedy(type, names) + ", or write a model card");
  }
  return std::nullopt;
}

std::uint32_t count(Fields& config, std::string_view key, IntegerRange range) {
  return static_cast<std::uint32_t>(config.integer(key, range));
}

std::uint64_t width(Fields& config, std::string_view key) {
  return static_cast<std::uint64_t>(config.integer(key, kWidth));
}

std::uint32_t read_head_dim(Fields& config, const ModelCard& card) {
  if (const auto given = config.maybe_integer("head_dim", kWidth)) return static_cast<std::uint32_t>(*given);
  if (card.hidden % card.heads != 0) {
    config.problem("hidden_size", fmt::format("found {}, no multiple of {} heads", card.hidden, card.heads),
                   "give head_dim");
  }
  return static_cast<std::uint32_t>(card.hidden / card.heads);
}

LatentAttention read_latent(Fields& config) {
  LatentAttention mla;
  mla.kv_rank = count(config, "kv_lora_rank", kWidth);
  mla.rope_dim = count(config, "qk_rope_head_dim", kWidth);
  mla.q_rank = static_cast<std::uint32_t>(config.maybe_integer("q_lora_rank", kWidth).value_or(0));
  mla.nope_dim = count(config, "qk_nope_head_dim", kWidth);
  mla.value_dim = count(config, "v_head_dim", kWidth);
  return mla;
}

void read_attention(Fields& config, Family family, ModelCard& card) {
  card.heads = count(config, "num_attention_heads", kHeadCount);
  card.kv_heads = static_cast<std::uint32_t>(
      config.maybe_integer("num_key_value_heads", kHeadCount).value_or(card.heads));
  if (family == Family::kDeepSeek) {
    card.mla = read_latent(config);
    card.head_dim = card.mla->nope_dim + card.mla->rope_dim;
  } else {
    card.head_dim = read_head_dim(config, card);
  }
}

// Layers that a list of one word for each layer calls sliding.
std::uint32_t sliding_layers(Fields& config, const ModelCard& card) {
  const std::vector<std::string> types = config.texts("layer_types");
  const auto sliding = std::count(types.begin(), types.end(), "sliding_attention");
  const auto full = std::count(types.begin(), types.end(), "full_attention");
  if (types.size() != card.layers || sliding + full != static_cast<std::ptrdiff_t>(types.size())) {
    config.problem(
        "layer_types",
        fmt::format("found {} entries, {} of them sliding_attention or full_attention, for {} layers",
                    types.size(), sliding + full, card.layers),
        "give one of the two for each layer");
  }
  return static_cast<std::uint32_t>(sliding);
}

std::uint32_t windowed_layers(Fields& config, const std::string& model_type, Family family,
                              const ModelCard& card) {
  if (config.has("layer_types") || family == Family::kGptOss) return sliding_layers(config, card);
  if (model_type == "mistral" || model_type == "mixtral") return card.layers;
  if (!config.boolean("use_sliding_window", false)) return 0;
  const auto first = config.integer("max_window_layers", {0, kLayerCount.high});
  return card.layers - static_cast<std::uint32_t>(std::min<std::int64_t>(first, card.layers));
}

void read_window(Fields& config, const std::string& model_type, Family family, ModelCard& card) {
  const auto tokens = config.maybe_integer("sliding_window", kContextTokens);
  if (!tokens) return;
  const std::uint32_t layers = windowed_layers(config, model_type, family, card);
  if (layers > 0) card.sliding_window = SlidingWindow{static_cast<std::uint32_t>(*tokens), layers};
}

MixtureOfExperts read_mixtral(Fields& config) {
  MixtureOfExperts moe;
  moe.experts = count(config, "num_local_experts", kExpertCount);
  moe.experts_per_token = count(config, "num_experts_per_tok", kExpertCount);
  moe.expert_intermediate = width(config, "intermediate_size");
  return moe;
}

// Dense layers are listed one by one here; a card knows leading ones only.
std::uint32_t leading_layers(Fields& config) {
  const std::vector<double> layers = config.numbers("mlp_only_layers", {0, kLayerCount.high});
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (layers[i] == static_cast<double>(i)) continue;
    config.problem("mlp_only_layers", "found dense layers among the sparse ones",
                   "only leading layers may be dense");
    break;
  }
  return static_cast<std::uint32_t>(layers.size());
}

void refuse_steps(Fields& config, std::string_view key) {
  if (config.maybe_integer(key, kLayerCount).value_or(1) == 1) return;
  config.problem(key, "found experts in every few layers only", "write a model card of what comes nearest");
}

MixtureOfExperts read_qwen(Fields& config) {
  MixtureOfExperts moe;
  moe.experts = count(config, "num_experts", kExpertCount);
  moe.experts_per_token = count(config, "num_experts_per_tok", kExpertCount);
  moe.expert_intermediate = width(config, "moe_intermediate_size");
  if (const auto shared = config.maybe_integer("shared_expert_intermediate_size", {0, kWidth.high});
      shared > 0) {
    moe.shared_experts = 1;
    moe.shared_intermediate = static_cast<std::uint64_t>(*shared);
  }
  moe.dense_layers = leading_layers(config);
  refuse_steps(config, "decoder_sparse_step");
  return moe;
}

MixtureOfExperts read_deepseek(Fields& config) {
  MixtureOfExperts moe;
  moe.experts = count(config, "n_routed_experts", kExpertCount);
  moe.experts_per_token = count(config, "num_experts_per_tok", kExpertCount);
  moe.expert_intermediate = width(config, "moe_intermediate_size");
  moe.shared_experts = static_cast<std::uint32_t>(
      config.maybe_integer("n_shared_experts", {0, kExpertCount.high}).value_or(0));
  moe.shared_intermediate = moe.shared_experts * moe.expert_intermediate;
  moe.dense_layers = count(config, "first_k_dense_replace", {0, kLayerCount.high});
  refuse_steps(config, "moe_layer_freq");
  return moe;
}

std::optional<MixtureOfExperts> read_experts(Fields& config, Family family) {
  switch (family) {
    case Family::kDense:
      break;
    case Family::kMixtral:
    case Family::kGptOss:
      return read_mixtral(config);
    case Family::kQwenMoe:
      return read_qwen(config);
    case Family::kDeepSeek:
      return read_deepseek(config);
  }
  return std::nullopt;
}

// Of what is not quantised. Serving engines load 32-bit checkpoints in 16 bits.
NumberType read_dtype(Fields& config, ModelCard& card) {
  const std::string_view key = config.has("torch_dtype") ? "torch_dtype" : "dtype";
  const auto text = config.maybe_text(key);
  if (!text) {
    card.unverified.push_back("types");
    return NumberType::kBf16;
  }
  const auto type = parse_number_type(*text);
  if (type == NumberType::kBf16 || type == NumberType::kFp16) return *type;
  if (type != NumberType::kFp32) {
    config.problem(key, "found '" + *text + "'", "give bfloat16, float16 or float32");
  }
  return NumberType::kBf16;
}

void read_types(Fields& config, ModelCard& card) {
  card.embedding_type = read_dtype(config, card);
  const WeightTypes weights = read_quantization(config, card.embedding_type, card.moe.has_value());
  card.weight_type = weights.linear;
  card.expert_weight_type = weights.experts;
}

void read_shape(Fields& config, Family family, ModelCard& card) {
  card.layers = count(config, "num_hidden_layers", kLayerCount);
  card.hidden = width(config, "hidden_size");
  card.vocabulary = static_cast<std::uint64_t>(config.integer("vocab_size", kVocabulary));
  card.tied_embeddings = config.boolean("tie_word_embeddings", false);
  card.max_context_tokens =
      static_cast<std::uint64_t>(config.integer("max_position_embeddings", kContextTokens));
  read_attention(config, family, card);
  read_window(config, config.text("model_type"), family, card);
  card.moe = read_experts(config, family);
  if (!card.moe || card.moe->dense_layers > 0) card.intermediate = width(config, "intermediate_size");
}

}  // namespace

ModelCard read_hugging_face(const Document& document, const std::string& name, Problems& problems) {
  const std::size_t earlier = problems.all().size();
  Fields config(document, problems);
  ModelCard card;
  card.name = name;
  card.source = document.file;
  if (const auto family = find_family(config)) {
    read_shape(config, *family, card);
    read_types(config, card);
    if (problems.all().size() == earlier) check_shape(config, card);
  }
  return card;
}

ModelCard card_from_hugging_face(const Document& config, const std::string& name) {
  Problems problems;
  ModelCard card = read_hugging_face(config, name, problems);
  problems.throw_if_any();
  return card;
}

}  // namespace kvsim::models
