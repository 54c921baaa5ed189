// SPDX-License-Identifier: Apache-2.0
#include "models/model_card_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "hardware-catalog/named.h"
#include "models/memory.h"

namespace kvsim::models {
namespace {

constexpr std::uint64_t kMostParameters = 1'000'000'000'000'000;

std::uint32_t count(Fields& fields, std::string_view key, IntegerRange range,
                    std::optional<std::int64_t> fallback = {}) {
  return static_cast<std::uint32_t>(fields.integer(key, range, fallback));
}

std::uint64_t width(Fields& fields, std::string_view key, std::optional<std::int64_t> fallback = {}) {
  return static_cast<std::uint64_t>(fields.integer(key, kWidth, fallback));
}

MixtureOfExperts read_moe(Fields& fields) {
  MixtureOfExperts moe;
  moe.experts = count(fields, "experts", kExpertCount);
  moe.experts_per_token = count(fields, "experts_per_token", kExpertCount);
  moe.expert_intermediate = width(fields, "expert_intermediate");
  moe.shared_experts = count(fields, "shared_experts", {0, kExpertCount.high}, 0);
  moe.shared_intermediate =
      moe.shared_experts > 0 ? width(fields, "shared_intermediate") : width(fields, "shared_intermediate", 0);
  moe.dense_layers = count(fields, "dense_layers", {0, kLayerCount.high}, 0);
  fields.finish();
  return moe;
}

LatentAttention read_mla(Fields& fields) {
  LatentAttention mla;
  mla.kv_rank = count(fields, "kv_rank", kWidth);
  mla.rope_dim = count(fields, "rope_dim", kWidth);
  mla.q_rank = count(fields, "q_rank", {0, kWidth.high}, 0);
  mla.nope_dim = count(fields, "nope_dim", kWidth);
  mla.value_dim = count(fields, "value_dim", kWidth);
  fields.finish();
  return mla;
}

SlidingWindow read_window(Fields& fields) {
  SlidingWindow window{count(fields, "tokens", kContextTokens), count(fields, "layers", kLayerCount)};
  fields.finish();
  return window;
}

NumberType read_type(Fields& fields, std::string_view key, NumberType fallback) {
  const std::string text = fields.choice(key, number_type_names(), std::string(name(fallback)));
  return parse_number_type(text).value_or(fallback);
}

void read_types(Fields fields, ModelCard& card) {
  card.weight_type = read_type(fields, "weights", NumberType::kBf16);
  card.expert_weight_type = read_type(fields, "experts", card.weight_type);
  card.embedding_type = read_type(fields, "embeddings", NumberType::kBf16);
  fields.finish();
}

void read_attention(Fields& fields, ModelCard& card) {
  card.heads = count(fields, "heads", kHeadCount);
  card.kv_heads = count(fields, "kv_heads", kHeadCount);
  card.head_dim = count(fields, "head_dim", kWidth);
  if (Fields mla = fields.map("mla"); mla.present()) card.mla = read_mla(mla);
  if (Fields window = fields.map("sliding_window"); window.present())
    card.sliding_window = read_window(window);
}

void read_unverified(Fields& fields, ModelCard& card) {
  card.unverified = fields.texts("unverified");
  const std::vector<std::string> keys = fields.keys();
  for (const std::string& field : card.unverified) {
    if (std::find(keys.begin(), keys.end(), field) != keys.end()) continue;
    fields.problem("unverified", "found '" + field + "', which this card does not give",
                   valid_names_remedy(field, keys));
  }
}

void check_experts(Fields& fields, const ModelCard& card, const MixtureOfExperts& moe) {
  if (moe.experts_per_token > moe.experts) {
    fields.problem(
        "", fmt::format("found {} experts for each token out of {}", moe.experts_per_token, moe.experts),
        "give at most as many as there are");
  }
  if (moe.dense_layers >= card.layers) {
    fields.problem(
        "", fmt::format("found {} dense layers of {} in a mixture of experts", moe.dense_layers, card.layers),
        "leave at least one layer to the experts");
  }
}

}  // namespace

void check_shape(Fields& fields, const ModelCard& card) {
  if (!card.mla && card.heads % card.kv_heads != 0) {
    fields.problem("", fmt::format("found {} heads and {} KV heads", card.heads, card.kv_heads),
                   "give a number of heads that is a multiple of the KV heads");
  }
  if (card.moe) check_experts(fields, card, *card.moe);
  if ((!card.moe || card.moe->dense_layers > 0) && card.intermediate == 0) {
    fields.problem("", "found dense layers without a width of their MLP", "give the intermediate width");
  }
  if (card.sliding_window && card.sliding_window->layers > card.layers) {
    fields.problem(
        "", fmt::format("found {} sliding-window layers of {}", card.sliding_window->layers, card.layers),
        "give at most as many as there are");
  }
  if (parameters(card) >= kMostParameters) {
    fields.problem("",
                   fmt::format("found a shape of {:.2g} parameters", static_cast<double>(parameters(card))),
                   "give a model of fewer than 1e15");
  }
}

ModelCard read_model_card(const Document& document, Problems& problems) {
  const std::size_t earlier = problems.all().size();
  Fields fields(document, problems);
  ModelCard card;
  card.name = read_name(fields, "model");
  card.aliases = read_aliases(fields);
  card.source = fields.text("source");
  card.date = fields.text("date");
  card.layers = count(fields, "layers", kLayerCount);
  card.hidden = width(fields, "hidden");
  read_attention(fields, card);
  card.intermediate = width(fields, "intermediate", 0);
  card.gated_mlp = fields.boolean("gated_mlp", true);
  card.vocabulary = static_cast<std::uint64_t>(fields.integer("vocabulary", kVocabulary));
  card.tied_embeddings = fields.boolean("tied_embeddings", false);
  card.max_context_tokens = static_cast<std::uint64_t>(fields.integer("max_context_tokens", kContextTokens));
  if (Fields moe = fields.map("moe"); moe.present()) card.moe = read_moe(moe);
  read_types(fields.map("types"), card);
  read_unverified(fields, card);
  fields.finish();
  if (problems.all().size() == earlier) check_shape(fields, card);
  return card;
}

}  // namespace kvsim::models
