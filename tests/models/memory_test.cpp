// SPDX-License-Identifier: Apache-2.0
// The shipped cards' arithmetic against published figures.
#include "models/memory.h"

#include <gtest/gtest.h>

namespace kvsim::models {
namespace {

constexpr double kGib = 1024.0 * 1024 * 1024;

const ModelCard& card(const std::string& name) {
  static const ModelLibrary library = ModelLibrary::load(std::string(KVSIM_SOURCE_DIR) + "/models/cards");
  const ModelCard* found = library.find(name);
  if (found == nullptr) throw std::runtime_error("no card " + name);
  return *found;
}

double kv_bf16(const std::string& name, std::uint32_t tp) {
  return kv_bytes_per_token(card(name), NumberType::kBf16, tp);
}

double weights(const std::string& name, std::uint32_t tp) {
  return weight_bytes_per_rank(card(name), published_types(card(name)), tp);
}

// Source: llm-d and vLLM KV offloading posts' KV arithmetic, 2 x layers x KV heads x head dim x bytes in bf16
// (2026); granite and sarvam: llm-d benchmarking artifacts praveingk/llmd-benchmarking-nxtgen (2026-05).
TEST(KvBytes, AgreeWithPublishedFigures) {
  EXPECT_EQ(kv_bf16("Llama-3.1-8B", 1), 131072);
  EXPECT_EQ(kv_bf16("Llama-3.1-70B", 1), 327680);
  EXPECT_EQ(kv_bf16("Llama-3.1-405B", 1), 516096);
  EXPECT_EQ(kv_bf16("Llama-3.2-1B", 1), 32768);
  EXPECT_EQ(kv_bf16("Qwen3-32B", 1), 262144);
  EXPECT_EQ(kv_bf16("Qwen3-8B", 1), 147456);
  EXPECT_EQ(kv_bf16("Qwen2.5-7B", 1), 57344);
  EXPECT_EQ(kv_bf16("granite-4.1-8b", 1), 163840);
  EXPECT_EQ(kv_bf16("sarvam-30b", 1), 19456);
  EXPECT_NEAR(kv_bf16("Llama-3.1-70B", 8) * 1e6 / kGib, 305.2, 0.05);
  EXPECT_NEAR(kv_bf16("Llama-3.1-405B", 8) * 1e6 / kGib, 480.65, 0.005);
}

struct Published {
  const char* name;
  double total;
  double active;       // 0: not published
  int tables_counted;  // how many vocabulary tables the publisher counts as active
};

// Totals and active parameters as the publishers' model cards print them. Whether the input table and the
// head count as active differs by publisher; this project counts the head (it is read at every step) and not
// the table.
const Published kPublished[] = {
    {"Llama-3.1-8B", 8.03e9, 0, 1},      {"Llama-3.1-70B", 70.6e9, 0, 1},
    {"Llama-3.1-405B", 405.9e9, 0, 1},   {"Llama-3.2-1B", 1.24e9, 0, 1},
    {"granite-4.1-8b", 8.4e9, 0, 1},     {"sarvam-30b", 32.2e9, 2.4e9, 0},
    {"Qwen3-8B", 8.19e9, 0, 1},          {"Qwen3-32B", 32.8e9, 0, 1},
    {"Qwen3-30B-A3B", 30.5e9, 3.3e9, 2}, {"Qwen2.5-7B", 7.61e9, 0, 1},
    {"gpt-oss-120b", 116.8e9, 5.1e9, 1}, {"gpt-oss-20b", 20.9e9, 3.6e9, 1},
    {"Mixtral-8x7B", 46.7e9, 12.9e9, 2}, {"DeepSeek-V3", 671e9, 37e9, 1},
    {"Llama-2-7B", 6.74e9, 0, 1},        {"Llama-2-70B", 69e9, 0, 1},
    {"Mistral-7B", 7.24e9, 0, 1},
};

TEST(Parameters, AgreeWithPublishedTotalsWithinHalfAPercent) {
  for (const Published& published : kPublished) {
    const double total = static_cast<double>(parameters(card(published.name)));
    EXPECT_NEAR(total / published.total, 1, 0.005) << published.name;
  }
  EXPECT_EQ(parameters(card("Llama-3.1-8B")), 8'030'261'248u);  // the checkpoint's own count
}

// Published with two digits, so that rounding alone is up to 1.5 %.
TEST(Parameters, AgreeWithPublishedActiveCountsWithinTwoPercent) {
  for (const Published& published : kPublished) {
    if (published.active == 0) continue;
    const ModelCard& model = card(published.name);
    const double table = static_cast<double>(model.vocabulary * model.hidden);
    const double active =
        static_cast<double>(active_parameters(model)) + (published.tables_counted - 1) * table;
    EXPECT_NEAR(active / published.active, 1, 0.02) << published.name;
  }
}

TEST(Parameters, ActiveCountOfADenseModelLeavesOutTheInputTableOnly) {
  const ModelCard& model = card("Llama-3.1-8B");
  EXPECT_EQ(parameters(model) - active_parameters(model), (model.vocabulary - 1) * model.hidden);
  // Tied: the one table is the head, and the one row of it that the input looks up is counted again.
  const ModelCard& tied = card("Llama-3.2-1B");
  EXPECT_EQ(active_parameters(tied) - parameters(tied), tied.hidden);
}

// Source: llm-d benchmarking artifacts praveingk/llmd-benchmarking-nxtgen (2026-05); gpt-oss-120b: 60.8 GiB
// checkpoint, OpenAI's model card (2025-08).
TEST(WeightBytes, AgreeWithPublishedSizes) {
  EXPECT_NEAR(weights("granite-4.1-8b", 1) / kGib, 15.6, 0.05);
  EXPECT_NEAR(weights("sarvam-30b", 1) / kGib, 59.9, 0.05);
  EXPECT_NEAR(weights("gpt-oss-120b", 1) / kGib, 60.8, 0.2);
}

// Llama-3.1-70B has 80 layers of hidden 8192: norms of (2 x 80 + 1) x 8192 bf16 values stay whole, all else
// divides.
TEST(WeightBytes, SplitAllButNormsOverRanks) {
  const double norms = 161 * 8192 * 2.0;
  const double all = weights("Llama-3.1-70B", 1);
  EXPECT_EQ(all, 2.0 * static_cast<double>(parameters(card("Llama-3.1-70B"))));
  for (const std::uint32_t tp : {2u, 4u, 8u})
    EXPECT_DOUBLE_EQ(weights("Llama-3.1-70B", tp), (all - norms) / tp + norms);
}

// Qwen2.5-7B has 4 KV heads: at TP 8 each rank holds one, so K and V exist twice over. 28 layers x 2 x 3584 x
// 128 values per head and rank are held beyond an even split of half of that.
TEST(WeightBytes, CopyKvHeadsOnceThereAreMoreRanksThanHeads) {
  const double per_head = 28 * 2 * 3584.0 * 128 * 2;
  const double norms = 57 * 3584 * 2.0;
  EXPECT_DOUBLE_EQ(weights("Qwen2.5-7B", 8), (weights("Qwen2.5-7B", 1) - norms) / 8 + norms + per_head / 2);
  EXPECT_EQ(kv_bytes_per_token_per_rank(card("Qwen2.5-7B"), NumberType::kBf16, 8), 57344 / 4);
  EXPECT_EQ(kv_bf16("Qwen2.5-7B", 8), 2 * 57344);
}

TEST(WeightBytes, FollowTheTypeOfEachPart) {
  const ModelCard& model = card("gpt-oss-120b");
  Types types = published_types(model);
  const double mxfp4 = weight_bytes_per_rank(model, types, 1);
  types.expert_weights = NumberType::kBf16;
  const double experts = 36.0 * 128 * 3 * 2880 * 2880;
  EXPECT_DOUBLE_EQ(weight_bytes_per_rank(model, types, 1) - mxfp4, experts * (2 - 17.0 / 32));
}

TEST(LatentAttention, KeepsOneVectorOnEveryRank) {
  const ModelCard& model = card("DeepSeek-V3");
  EXPECT_EQ(kv_bytes_per_token_per_rank(model, NumberType::kBf16, 1), 61 * (512 + 64) * 2);
  EXPECT_EQ(kv_bytes_per_token_per_rank(model, NumberType::kFp8, 8), 61 * (512 + 64));
  EXPECT_EQ(kv_bytes_per_token(model, NumberType::kBf16, 8), 8 * 61 * (512 + 64) * 2);
}

TEST(TensorParallel, DividesWhereHeadsAndWidthsDo) {
  EXPECT_TRUE(tp_divides(card("Llama-3.1-8B"), 1));
  EXPECT_TRUE(tp_divides(card("Llama-3.1-8B"), 16));  // 8 KV heads, each on two ranks
  EXPECT_FALSE(tp_divides(card("Llama-3.1-8B"), 3));
  EXPECT_FALSE(tp_divides(card("Qwen2.5-7B"), 8)) << "28 heads";
  EXPECT_TRUE(tp_divides(card("DeepSeek-V3"), 8));
  EXPECT_FALSE(tp_divides(card("gpt-oss-120b"), 128)) << "2880 columns of an expert";
}

TEST(PublishedTypes, ComputeInTheTypeOfTheWeights) {
  EXPECT_EQ(published_types(card("DeepSeek-V3")).matmul, NumberType::kFp8);
  EXPECT_EQ(published_types(card("DeepSeek-V3")).kv, NumberType::kBf16);
  EXPECT_EQ(published_types(card("gpt-oss-120b")).expert_weights, NumberType::kMxfp4);
  EXPECT_EQ(published_types(card("gpt-oss-120b")).matmul, NumberType::kBf16);
  ModelCard weight_only = card("Llama-3.1-8B");
  weight_only.weight_type = NumberType::kInt4;
  weight_only.embedding_type = NumberType::kFp16;
  EXPECT_EQ(published_types(weight_only).matmul, NumberType::kFp16);
}

}  // namespace
}  // namespace kvsim::models
