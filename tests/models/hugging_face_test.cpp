// SPDX-License-Identifier: Apache-2.0
// Configurations of published models, written down from their facts, against the shipped cards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/errors.h"
#include "models/memory.h"
#include "models/model_card.h"

namespace kvsim::models {
namespace {

using testing::HasSubstr;

const ModelLibrary& library() {
  static const ModelLibrary cards = ModelLibrary::load(std::string(KVSIM_SOURCE_DIR) + "/models/cards");
  return cards;
}

ModelCard imported(const std::string& members) {
  return card_from_hugging_face(parse_json("{" + members + "}", "config.json"), "imported");
}

std::string refusal(const std::string& members) {
  try {
    imported(members);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::string dense(const std::string& type, int layers, int hidden, int heads, int kv_heads, int width,
                  int vocabulary, int context) {
  const auto member = [](const char* key, int value) {
    return ", \"" + std::string(key) + "\": " + std::to_string(value);
  };
  return "\"model_type\": \"" + type + "\", \"torch_dtype\": \"bfloat16\"" +
         member("num_hidden_layers", layers) + member("hidden_size", hidden) +
         member("num_attention_heads", heads) + member("num_key_value_heads", kv_heads) +
         member("intermediate_size", width) + member("vocab_size", vocabulary) +
         member("max_position_embeddings", context);
}

const std::string kLlama8b = dense("llama", 32, 4096, 32, 8, 14336, 128256, 131072);

std::string gpt_oss() {
  std::string layers;
  for (int i = 0; i < 18; ++i)
    layers += std::string(i > 0 ? ", " : "") + R"("sliding_attention", "full_attention")";
  return dense("gpt_oss", 36, 2880, 64, 8, 2880, 201088, 131072) +
         R"(, "head_dim": 64, "num_local_experts": 128, "num_experts_per_tok": 4, "sliding_window": 128,
            "quantization_config": {"quant_method": "mxfp4",
              "modules_to_not_convert": ["model.layers.*.self_attn", "lm_head"]}, "layer_types": [)" +
         layers + "]";
}

const std::string kDeepSeek = dense("deepseek_v3", 61, 7168, 128, 128, 18432, 129280, 163840) +
                              R"(, "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_rope_head_dim": 64,
    "qk_nope_head_dim": 128, "v_head_dim": 128, "n_routed_experts": 256, "num_experts_per_tok": 8,
    "n_shared_experts": 1, "moe_intermediate_size": 2048, "first_k_dense_replace": 3, "moe_layer_freq": 1,
    "num_nextn_predict_layers": 1, "quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128]})";

const std::string kQwenMoe = dense("qwen3_moe", 48, 2048, 32, 4, 6144, 151936, 40960) +
                             R"(, "head_dim": 128, "num_experts": 128, "num_experts_per_tok": 8,
    "moe_intermediate_size": 768, "mlp_only_layers": [], "decoder_sparse_step": 1, "use_sliding_window": false,
    "sliding_window": null)";

const std::string kMixtral = dense("mixtral", 32, 4096, 32, 8, 14336, 32000, 32768) +
                             R"(, "num_local_experts": 8, "num_experts_per_tok": 2, "sliding_window": null)";

// Everything but what a configuration does not tell.
void expect_card(const std::string& members, const std::string& name) {
  const ModelCard& shipped = *library().find(name);
  ModelCard card = imported(members);
  EXPECT_EQ(card.source, "config.json");
  card.name = shipped.name;
  card.aliases = shipped.aliases;
  card.source = shipped.source;
  card.date = shipped.date;
  card.unverified = shipped.unverified;
  EXPECT_EQ(card, shipped) << name;
}

TEST(HuggingFace, DenseConfigurationsGiveTheShippedCards) {
  expect_card(kLlama8b, "Llama-3.1-8B");
  expect_card(dense("llama", 80, 8192, 64, 8, 28672, 128256, 131072), "Llama-3.1-70B");
  expect_card(dense("llama", 126, 16384, 128, 8, 53248, 128256, 131072), "Llama-3.1-405B");
  expect_card(dense("llama", 16, 2048, 32, 8, 8192, 128256, 131072) +
                  ", \"tie_word_embeddings\": true, \"head_dim\": 64",
              "Llama-3.2-1B");
  expect_card(dense("qwen3", 36, 4096, 32, 8, 12288, 151936, 40960) + ", \"head_dim\": 128", "Qwen3-8B");
  expect_card(dense("qwen3", 64, 5120, 64, 8, 25600, 151936, 40960) + ", \"head_dim\": 128", "Qwen3-32B");
  expect_card(dense("granite", 40, 4096, 32, 8, 12800, 100352, 131072) + ", \"tie_word_embeddings\": true",
              "granite-4.1-8b");
  expect_card(dense("qwen2", 28, 3584, 28, 4, 18944, 152064, 32768) +
                  ", \"use_sliding_window\": false, \"sliding_window\": 131072, \"max_window_layers\": 28",
              "Qwen2.5-7B");
}

TEST(HuggingFace, MixturesOfExpertsGiveTheShippedCards) {
  expect_card(kMixtral, "Mixtral-8x7B");
  expect_card(kQwenMoe, "Qwen3-30B-A3B");
  expect_card(gpt_oss(), "gpt-oss-120b");
  expect_card(kDeepSeek, "DeepSeek-V3");
}

std::string quantized(const std::string& quantization) {
  return kLlama8b + ", \"quantization_config\": {" + quantization + "}";
}

NumberType weight_type(const std::string& quantization) {
  const ModelCard card = imported(quantized(quantization));
  EXPECT_EQ(card.embedding_type, NumberType::kBf16);
  EXPECT_EQ(card.expert_weight_type, card.weight_type);
  return card.weight_type;
}

TEST(HuggingFace, ReadsQuantisedCheckpoints) {
  EXPECT_EQ(weight_type(R"("quant_method": "fp8", "activation_scheme": "dynamic")"), NumberType::kFp8);
  EXPECT_EQ(weight_type(R"("quant_method": "gptq", "bits": 4, "group_size": 128, "desc_act": true)"),
            NumberType::kInt4);
  EXPECT_EQ(weight_type(R"("quant_method": "gptq", "bits": 8)"), NumberType::kInt8);
  EXPECT_EQ(weight_type(R"("quant_method": "awq", "bits": 4, "zero_point": true)"), NumberType::kInt4);
  EXPECT_EQ(weight_type(R"("quant_method": "modelopt", "quant_algo": "NVFP4", "ignore": ["lm_head"])"),
            NumberType::kNvfp4);
  EXPECT_EQ(weight_type(R"("quant_method": "modelopt", "quant_algo": "FP8")"), NumberType::kFp8);
}

std::string compressed(const std::string& weights) {
  return R"("quant_method": "compressed-tensors", "ignore": ["lm_head"],
            "config_groups": {"group_0": {"targets": ["Linear"], "weights": {)" +
         weights + "}}}";
}

TEST(HuggingFace, ReadsCompressedTensors) {
  EXPECT_EQ(weight_type(compressed(R"("num_bits": 8, "type": "float", "strategy": "channel")")),
            NumberType::kFp8);
  EXPECT_EQ(weight_type(compressed(R"("num_bits": 8, "type": "int", "group_size": null)")),
            NumberType::kInt8);
  EXPECT_EQ(weight_type(compressed(R"("num_bits": 4, "type": "int", "group_size": 128)")), NumberType::kInt4);
  EXPECT_EQ(weight_type(compressed(R"("num_bits": 4, "type": "float", "group_size": 16)")),
            NumberType::kNvfp4);
  EXPECT_EQ(weight_type(compressed(R"("num_bits": 4, "type": "float", "group_size": 32)")),
            NumberType::kMxfp4);
  EXPECT_THAT(refusal(quantized(compressed(R"("num_bits": 3, "type": "int")"))), HasSubstr("found 3 bits"));
}

// Llama-3.1-8B in 4-bit groups of 128: 6.98e9 matrix values of 4.125 bits, 1.05e9 table values of 16 and the
// norms'.
TEST(HuggingFace, QuantisedWeightsTakeTheirBytes) {
  const ModelCard card = imported(quantized(R"("quant_method": "awq", "bits": 4)"));
  const double tables = 2 * 128256.0 * 4096 + 65 * 4096.0;
  const double matrices = 8'030'261'248.0 - tables;
  EXPECT_DOUBLE_EQ(weight_bytes_per_rank(card, published_types(card), 1), matrices * 4.125 / 8 + tables * 2);
}

TEST(HuggingFace, LeavesAttentionAloneWhereTheCheckpointDoes) {
  const std::string experts_only =
      R"(, "quantization_config": {"quant_method": "modelopt", "quant_algo": "NVFP4",
         "exclude_modules": ["lm_head", "model.layers.*.self_attn*"]})";
  const ModelCard card = imported(kQwenMoe + experts_only);
  EXPECT_EQ(card.weight_type, NumberType::kBf16);
  EXPECT_EQ(card.expert_weight_type, NumberType::kNvfp4);
  EXPECT_THAT(refusal(kLlama8b + experts_only), HasSubstr("attention left out"));
}

TEST(HuggingFace, ReadsSlidingWindows) {
  const std::string mistral = dense("mistral", 32, 4096, 32, 8, 14336, 32000, 32768);
  EXPECT_EQ(imported(mistral + ", \"sliding_window\": 4096").sliding_window, (SlidingWindow{4096, 32}));
  EXPECT_FALSE(imported(mistral + ", \"sliding_window\": null").sliding_window);
  const std::string qwen = dense("qwen2", 28, 3584, 28, 4, 18944, 152064, 32768);
  EXPECT_EQ(
      imported(qwen + R"(, "use_sliding_window": true, "sliding_window": 4096, "max_window_layers": 20)")
          .sliding_window,
      (SlidingWindow{4096, 8}));
}

TEST(HuggingFace, FillsWhatConfigurationsLeaveToTheirDefaults) {
  const std::string old = R"("model_type": "llama", "num_hidden_layers": 2, "hidden_size": 128,
    "num_attention_heads": 4, "intermediate_size": 256, "vocab_size": 1000, "max_position_embeddings": 2048)";
  const ModelCard card = imported(old);
  EXPECT_EQ(card.kv_heads, 4u);
  EXPECT_EQ(card.head_dim, 32u);
  EXPECT_EQ(card.weight_type, NumberType::kBf16);
  EXPECT_THAT(card.unverified, testing::ElementsAre("types"));
  EXPECT_EQ(imported(old + ", \"dtype\": \"float16\"").weight_type, NumberType::kFp16);
  EXPECT_EQ(imported(old + ", \"torch_dtype\": \"float32\"").weight_type, NumberType::kBf16);
}

std::string replaced(std::string text, const std::string& found, const std::string& replacement) {
  const auto place = text.find(found);
  EXPECT_NE(place, std::string::npos) << found;
  return text.replace(place, found.size(), replacement);
}

TEST(HuggingFace, RefusesShapesItDoesNotKnow) {
  EXPECT_THAT(refusal(""), HasSubstr("model_type: missing"));
  EXPECT_THAT(refusal(R"("model_type": "qwen3_mo")"), HasSubstr("did you mean 'qwen3_moe'"));
  EXPECT_THAT(refusal(R"("model_type": "mistral3", "text_config": {})"), HasSubstr("several parts"));
  EXPECT_THAT(refusal(replaced(kQwenMoe, "sparse_step\": 1", "sparse_step\": 2")),
              HasSubstr("decoder_sparse_step"));
  EXPECT_THAT(refusal(quantized(R"("quant_method": "bitsandbytes")")), HasSubstr("quant_method"));
  EXPECT_THAT(refusal(quantized(R"("quant_method": "gptq", "bits": 3)")), HasSubstr("found 3"));
  EXPECT_THAT(refusal(quantized(R"("quant_method": "modelopt", "quant_algo": "W4A8")")),
              HasSubstr("quant_algo"));
  EXPECT_THAT(refusal(quantized(R"("quant_method": "mxfp4")")), HasSubstr("dense model"));
}

TEST(HuggingFace, RefusesBrokenConfigurations) {
  EXPECT_THAT(refusal(replaced(kLlama8b, "\"hidden_size\": 4096", "\"hidden_size\": \"wide\"")),
              HasSubstr("hidden_size"));
  EXPECT_THAT(refusal(replaced(kLlama8b, "\"hidden_size\": 4096", "\"hidden_size\": 4095")),
              HasSubstr("no multiple of 32"));
  EXPECT_THAT(refusal(replaced(kLlama8b, "\"vocab_size\": 128256", "\"vocab_size\": -1")),
              HasSubstr("vocab_size"));
  EXPECT_THAT(refusal(replaced(kLlama8b, "\"num_hidden_layers\": 32", "\"layers\": 32")),
              HasSubstr("num_hidden_layers: missing"));
  EXPECT_THAT(refusal(replaced(kLlama8b, "bfloat16", "float64")), HasSubstr("bfloat16, float16 or float32"));
  EXPECT_THAT(refusal(replaced(kMixtral, "\"num_experts_per_tok\": 2", "\"num_experts_per_tok\": 9")),
              HasSubstr("9 experts"));
  EXPECT_THAT(refusal(replaced(gpt_oss(), "\"sliding_attention\", ", "")), HasSubstr("layer_types"));
  EXPECT_THAT(refusal(replaced(kQwenMoe, "\"mlp_only_layers\": []", "\"mlp_only_layers\": [5]")),
              HasSubstr("leading"));
  EXPECT_THAT(refusal(replaced(kDeepSeek, "\"kv_lora_rank\": 512, ", "")),
              HasSubstr("kv_lora_rank: missing"));
  EXPECT_THAT(
      refusal(replaced(kLlama8b, "\"hidden_size\": 4096", "\"hidden_size\": 0, \"quantization_config\": {}")),
      HasSubstr("quant_method: missing"))
      << "all problems at once";
}

TEST(HuggingFace, RefusesEveryTruncation) {
  const std::string whole = "{" + kDeepSeek + "}";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_THROW(card_from_hugging_face(parse_json(whole.substr(0, length), "config.json"), "cut"),
                 InputError);
  }
}

}  // namespace
}  // namespace kvsim::models
