// SPDX-License-Identifier: Apache-2.0
#include "models/model_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/errors.h"
#include "tests/catalog/temporary_folder.h"

namespace kvsim::models {
namespace {

using testing::HasSubstr;

const std::string kShipped = std::string(KVSIM_SOURCE_DIR) + "/models/cards";

const std::string kGood = R"(model: Small-1B
aliases: [lab/small-1b]
source: a paper
date: "2025"
unverified: [vocabulary]
layers: 16
hidden: 2048
heads: 32
kv_heads: 8
head_dim: 64
intermediate: 8192
vocabulary: 128256
max_context_tokens: 131072
moe: {experts: 8, experts_per_token: 2, expert_intermediate: 1024, dense_layers: 1}
sliding_window: {tokens: 128, layers: 8}
types: {weights: fp8, experts: int4}
)";

std::string with(std::string text, const std::string& found, const std::string& replacement) {
  const auto place = text.find(found);
  EXPECT_NE(place, std::string::npos) << found;
  return text.replace(place, found.size(), replacement);
}

std::string message_of(const std::string& text) {
  const TemporaryFolder folder;
  try {
    ModelLibrary::load(folder.add("bad.yaml", text));
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(ShippedModels, AreFoundByNameAndByHuggingFaceId) {
  const ModelLibrary library = ModelLibrary::load(kShipped);
  for (const char* name : {"Llama-3.1-8B", "Llama-3.1-70B", "Llama-3.1-405B", "Llama-3.2-1B",
                           "granite-4.1-8b", "sarvam-30b", "Qwen3-8B", "Qwen3-32B", "Qwen3-30B-A3B",
                           "Qwen2.5-7B", "gpt-oss-120b", "Mixtral-8x7B", "DeepSeek-V3"}) {
    ASSERT_NE(library.find(name), nullptr) << name;
    EXPECT_FALSE(library.find(name)->source.empty()) << name;
    EXPECT_FALSE(library.find(name)->date.empty()) << name;
  }
  EXPECT_EQ(library.find("meta-llama/llama-3.1-8b-instruct")->name, "Llama-3.1-8B");
  EXPECT_EQ(library.find("meta-llama/Llama-9"), nullptr);
}

TEST(ModelCard, ReadsEveryPart) {
  const TemporaryFolder folder;
  const ModelLibrary library = ModelLibrary::load(folder.add("good.yaml", kGood));
  const ModelCard& card = *library.find("LAB/Small-1b");
  EXPECT_EQ(card.moe->experts, 8u);
  EXPECT_EQ(card.moe->shared_experts, 0u);
  EXPECT_EQ(card.sliding_window->layers, 8u);
  EXPECT_EQ(card.weight_type, NumberType::kFp8);
  EXPECT_EQ(card.expert_weight_type, NumberType::kInt4);
  EXPECT_EQ(card.embedding_type, NumberType::kBf16);
  EXPECT_FALSE(card.mla);
  EXPECT_FALSE(card.tied_embeddings);
}

TEST(ModelCard, OverlaysAddAndReplaceCardsAndTakeHuggingFaceConfigs) {
  const TemporaryFolder folder;
  folder.add("llama.yaml", with(kGood, "Small-1B", "Llama-3.1-8B"));
  folder.add("my-model/config.json",
             R"({"model_type": "llama", "num_hidden_layers": 2, "hidden_size": 128, "num_attention_heads": 4,
                 "intermediate_size": 256, "vocab_size": 1000, "max_position_embeddings": 2048,
                 "torch_dtype": "float16"})");
  folder.add("prices.yaml", "prices: {}\n");
  const ModelLibrary library = ModelLibrary::load(kShipped, {folder.path()});
  EXPECT_EQ(library.find("Llama-3.1-8B")->layers, 16u);
  EXPECT_EQ(library.find("my-model")->embedding_type, NumberType::kFp16);
  EXPECT_EQ(library.cards().size(), ModelLibrary::load(kShipped).cards().size() + 1);
}

struct Broken {
  const char* name;
  const char* found;
  const char* replacement;
  const char* told;
};

class BrokenCard : public testing::TestWithParam<Broken> {};

TEST_P(BrokenCard, IsRefusedWithPlaceAndReason) {
  const std::string message = message_of(with(kGood, GetParam().found, GetParam().replacement));
  EXPECT_THAT(message, HasSubstr(GetParam().told));
  EXPECT_THAT(message, HasSubstr("bad.yaml:"));
}

INSTANTIATE_TEST_SUITE_P(
    ModelCard, BrokenCard,
    testing::Values(Broken{"UnknownKey", "layers: 16", "layers: 16\nlayerz: 16", "layerz"},
                    Broken{"MissingKey", "hidden: 2048\n", "", "hidden: missing"},
                    Broken{"NoLayers", "layers: 16", "layers: 0", "layers"},
                    Broken{"FractionOfALayer", "layers: 16", "layers: 16.5", "layers"},
                    Broken{"Negative", "vocabulary: 128256", "vocabulary: -1", "vocabulary"},
                    Broken{"HugeWidth", "hidden: 2048", "hidden: 1e308", "hidden"},
                    Broken{"OddGroups", "kv_heads: 8", "kv_heads: 5", "32 heads and 5 KV heads"},
                    Broken{"TooManyActive", "experts_per_token: 2", "experts_per_token: 9",
                           "9 experts for each token out of 8"},
                    Broken{"NoSparseLayer", "dense_layers: 1", "dense_layers: 16", "16 dense layers of 16"},
                    Broken{"NoDenseWidth", "intermediate: 8192\n", "", "without a width"},
                    Broken{"WindowTooDeep", "layers: 8", "layers: 17", "17 sliding-window layers of 16"},
                    Broken{"UnknownType", "weights: fp8", "weights: fp7", "types.weights"},
                    Broken{"UnknownDoubt", "[vocabulary]", "[vocab]", "which this card does not give"},
                    Broken{"TooManyParameters",
                           "{experts: 8, experts_per_token: 2, expert_intermediate: 1024,",
                           "{experts: 65536, experts_per_token: 2, expert_intermediate: 1048576,",
                           "shape of 6.3e+15 parameters"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace kvsim::models
