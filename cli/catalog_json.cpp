// SPDX-License-Identifier: Apache-2.0
#include "cli/catalog_json.h"

#include "cli/catalog_tables.h"
#include "models/memory.h"

namespace kvsim::cli {
namespace {

void write_citation(JsonWriter& json, const Figure& figure) {
  if (figure.low) json.member("low", figure.low).member("high", figure.high);
  json.member("source", figure.source).member("date", figure.date).member("unverified", figure.unverified);
  if (!figure.note.empty()) json.member("note", figure.note);
}

void write_figure(JsonWriter& json, std::string_view key, const Figure& figure) {
  json.key(key).begin_object().member("value", figure.value);
  write_citation(json, figure);
  json.end_object();
}

void write_rate(JsonWriter& json, NumberType type, const ArithmeticRate& rate) {
  const bool native = rate.support == Support::kNative;
  json.key(name(type)).begin_object().member("support", native ? "native" : "emulated");
  if (native) json.member("flops_per_second", rate.flops_per_second.value);
  write_citation(json, rate.flops_per_second);
  json.end_object();
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key).begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

void write_shape(JsonWriter& json, const models::ModelCard& card) {
  json.member("layers", card.layers).member("hidden", card.hidden).member("heads", card.heads);
  json.member("kv_heads", card.kv_heads).member("head_dim", card.head_dim);
  json.member("intermediate", card.intermediate).member("gated_mlp", card.gated_mlp);
  json.member("vocabulary", card.vocabulary).member("tied_embeddings", card.tied_embeddings);
  json.member("max_context_tokens", card.max_context_tokens);
}

void write_parts(JsonWriter& json, const models::ModelCard& card) {
  if (const auto& moe = card.moe) {
    json.key("moe").begin_object().member("experts", moe->experts);
    json.member("experts_per_token", moe->experts_per_token).member("shared_experts", moe->shared_experts);
    json.member("expert_intermediate", moe->expert_intermediate);
    json.member("shared_intermediate", moe->shared_intermediate).member("dense_layers", moe->dense_layers);
    json.end_object();
  }
  if (const auto& mla = card.mla) {
    json.key("mla").begin_object().member("kv_rank", mla->kv_rank).member("rope_dim", mla->rope_dim);
    json.member("q_rank", mla->q_rank).member("nope_dim", mla->nope_dim).member("value_dim", mla->value_dim);
    json.end_object();
  }
  if (const auto& window = card.sliding_window) {
    json.key("sliding_window")
        .begin_object()
        .member("tokens", window->tokens)
        .member("layers", window->layers);
    json.end_object();
  }
}

void write_memory(JsonWriter& json, const models::ModelCard& card) {
  const models::Types types = models::published_types(card);
  json.member("parameters", models::parameters(card))
      .member("active_parameters", models::active_parameters(card));
  json.key("tensor_parallel").begin_array();
  for (const std::uint32_t tp : kShownTensorParallel) {
    if (!models::tp_divides(card, tp)) continue;
    json.begin_object().member("tp", tp);
    json.member("weight_bytes_per_rank", models::weight_bytes_per_rank(card, types, tp));
    json.member("kv_bytes_per_token_per_rank", models::kv_bytes_per_token_per_rank(card, types.kv, tp));
    json.member("kv_bytes_per_token", models::kv_bytes_per_token(card, types.kv, tp)).end_object();
  }
  json.end_array();
}

}  // namespace

void write_accelerator(JsonWriter& json, const Accelerator& accelerator) {
  json.begin_object().member("name", accelerator.name).member("vendor", accelerator.vendor);
  write_texts(json, "aliases", accelerator.aliases);
  json.member("year", accelerator.year);
  write_figure(json, "memory_bytes", accelerator.memory_bytes);
  write_figure(json, "memory_bandwidth_bytes_per_second", accelerator.memory_bandwidth_bytes_per_second);
  json.key("arithmetic").begin_object();
  for (const auto& [type, rate] : accelerator.arithmetic) write_rate(json, type, rate);
  json.end_object();
  write_figure(json, "peak_watts", accelerator.peak_watts);
  write_figure(json, "idle_watts", accelerator.idle_watts);
  json.member("interconnect", accelerator.interconnect)
      .member("interconnect_domain", accelerator.interconnect_domain);
  write_figure(json, "interconnect_bytes_per_second", accelerator.interconnect_bytes_per_second);
  write_figure(json, "host_link_bytes_per_second", accelerator.host_link_bytes_per_second);
  json.member("notes", accelerator.notes).end_object();
}

void write_price(JsonWriter& json, std::string_view accelerator, const Price& price) {
  json.begin_object().member("accelerator", accelerator).member("currency", price.currency);
  for (const auto& [key, figure] : price_figures(price)) {
    if (figure) write_figure(json, key, *figure);
  }
  json.end_object();
}

void write_model(JsonWriter& json, const models::ModelCard& card) {
  json.begin_object().member("name", card.name);
  write_texts(json, "aliases", card.aliases);
  json.member("source", card.source).member("date", card.date);
  write_texts(json, "unverified", card.unverified);
  write_shape(json, card);
  write_parts(json, card);
  json.key("types").begin_object().member("weights", name(card.weight_type));
  json.member("experts", name(card.expert_weight_type))
      .member("embeddings", name(card.embedding_type))
      .end_object();
  write_memory(json, card);
  json.end_object();
}

}  // namespace kvsim::cli
