// SPDX-License-Identifier: Apache-2.0
// The public traces, where KVSIM_TRACE_DIR names their folder, against counts made outside of kvsim.
#include <gtest/gtest.h>

#include "tests/traces/support/trace_files.h"
#include "traces/profile/trace_profile.h"

namespace kvsim::traces {
namespace {

struct HitRatio {
  std::uint64_t capacity_tokens;
  double hit_ratio;
};
// Block-level replay of Mooncake's open conversation trace (FAST 25, github.com/kvcache-ai/Mooncake), one
// pool of 512-token blocks, partial ones included, four decimals. Counted 2026.
constexpr HitRatio kLru[] = {
    {10'000, 0.0253},     {100'000, 0.0417},    {512'000, 0.0445},    {1'000'000, 0.0532},
    {2'000'000, 0.0839},  {3'000'000, 0.1355},  {4'000'000, 0.1744},  {5'000'000, 0.2061},
    {5'120'000, 0.2112},  {6'000'000, 0.2278},  {7'000'000, 0.2460},  {8'000'000, 0.2609},
    {10'000'000, 0.2852}, {15'360'000, 0.3257}, {20'000'000, 0.3512}, {25'600'000, 0.3546},
    {30'000'000, 0.3588}, {50'000'000, 0.3635}, {51'200'000, 0.3637}, {100'000'000, 0.3664}};
constexpr HitRatio kLfu[] = {
    {512'000, 0.0481}, {5'120'000, 0.1318}, {15'360'000, 0.2759}, {25'600'000, 0.3438}, {51'200'000, 0.3631}};

TEST(PublicTraces, ConversationReuseIsWhatOthersCount) {
  const auto path = public_trace("mooncake_conversation_trace.jsonl.zst");
  if (!path) GTEST_SKIP() << "KVSIM_TRACE_DIR has no Mooncake trace";
  const auto source = open_trace(*path);
  ProfileSettings settings;
  settings.block_tokens = source->block_tokens();
  for (const HitRatio& point : kLru) settings.capacities_tokens.push_back(point.capacity_tokens);
  const TraceProfile result = profile(*source, settings);
  EXPECT_EQ(result.block_tokens, 512u);
  EXPECT_EQ(result.arrivals.requests, 12'031u);
  EXPECT_EQ(result.references, 288'500u);
  EXPECT_EQ(result.unique_blocks, 182'790u);
  EXPECT_EQ(result.hits, 105'710u);
  EXPECT_NEAR(result.hit_ratio, 0.3664, 5e-5);
  EXPECT_EQ(result.engine_hit_tokens, 54'097'440u);
  EXPECT_EQ(result.prompt_tokens, 144'793'823u);
  for (std::size_t i = 0; i < std::size(kLru); ++i) {
    EXPECT_NEAR(result.by_capacity[i].lru_hit_ratio, kLru[i].hit_ratio, 1e-4) << kLru[i].capacity_tokens;
  }
}

TEST(PublicTraces, ConversationUnderLfuIsWhatOthersCount) {
  const auto path = public_trace("mooncake_conversation_trace.jsonl.zst");
  if (!path) GTEST_SKIP() << "KVSIM_TRACE_DIR has no Mooncake trace";
  ProfileSettings settings;
  settings.block_tokens = 512;
  settings.lfu = true;
  for (const HitRatio& point : kLfu) settings.capacities_tokens.push_back(point.capacity_tokens);
  const TraceProfile result = profile(*open_trace(*path), settings);
  for (std::size_t i = 0; i < std::size(kLfu); ++i) {
    EXPECT_NEAR(result.by_capacity[i].lfu_hit_ratio, kLfu[i].hit_ratio, 1e-4) << kLfu[i].capacity_tokens;
  }
}

TEST(PublicTraces, AzureFilesAreReadWhole) {
  const auto code = public_trace("AzureLLMInferenceTrace_code_2023.csv");
  const auto conversation = public_trace("AzureLLMInferenceTrace_conv_2023.csv");
  if (!code || !conversation) GTEST_SKIP() << "KVSIM_TRACE_DIR has no Azure traces";
  EXPECT_EQ(all_requests(*open_trace(*code)).size(), 8'819u);
  EXPECT_EQ(all_requests(*open_trace(*conversation)).size(), 19'366u);
}

TEST(PublicTraces, SyntheticMooncakeTraceIsReadWhole) {
  const auto path = public_trace("mooncake_synthetic_trace.jsonl.zst");
  if (!path) GTEST_SKIP() << "KVSIM_TRACE_DIR has no Mooncake trace";
  EXPECT_EQ(all_requests(*open_trace(*path)).size(), 3'993u);
}

}  // namespace
}  // namespace kvsim::traces
