// SPDX-License-Identifier: Apache-2.0
// Does a replay of the conversation trace against one store give the hit ratios that an independent count of
// its blocks gives? The traces' folder comes from KVSIM_TRACE_DIR.
#include "sim/kv/replay.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <string>

#include "traces/open_trace.h"

namespace kvsim::sim {
namespace {

constexpr std::uint32_t kBlock = 512;
constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint32_t>::max();

struct Point {
  std::uint64_t capacity_tokens;
  double hit_ratio;
};

// Counted over the trace's own block ids: 512-token blocks touched head first, floor(tokens / 512) of them.
constexpr Point kLru[] = {{10'000, 0.0253},     {100'000, 0.0417},     {512'000, 0.0445},
                          {1'000'000, 0.0532},  {2'000'000, 0.0839},   {3'000'000, 0.1355},
                          {4'000'000, 0.1744},  {5'000'000, 0.2061},   {5'120'000, 0.2112},
                          {6'000'000, 0.2278},  {7'000'000, 0.2460},   {8'000'000, 0.2609},
                          {10'000'000, 0.2852}, {15'360'000, 0.3257},  {20'000'000, 0.3512},
                          {25'600'000, 0.3546}, {30'000'000, 0.3588},  {50'000'000, 0.3635},
                          {51'200'000, 0.3637}, {100'000'000, 0.3664}, {kNoLimit * kBlock, 0.3664}};
constexpr Point kLfu[] = {{512'000, 0.0481},    {5'120'000, 0.1318},  {15'360'000, 0.2759},
                          {25'600'000, 0.3438}, {51'200'000, 0.3631}, {kNoLimit * kBlock, 0.3664}};

class Replay : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::getenv("KVSIM_TRACE_DIR")) GTEST_SKIP() << "KVSIM_TRACE_DIR names no folder of public traces";
  }
  static ReplayResult replay(std::uint64_t capacity_tokens, EvictionPolicy policy) {
    const auto source = traces::open_trace(std::getenv("KVSIM_TRACE_DIR") +
                                           std::string("/mooncake_conversation_trace.jsonl.zst"));
    return replay_blocks(*source, kBlock, capacity_tokens / kBlock, policy);
  }
};

TEST_F(Replay, LruGivesTheCountedHitRatios) {
  for (const auto& [tokens, expected] : kLru)
    EXPECT_NEAR(replay(tokens, EvictionPolicy::kLru).hit_ratio(), expected, 0.00006) << tokens << " tokens";
}

TEST_F(Replay, LfuGivesTheCountedHitRatios) {
  for (const auto& [tokens, expected] : kLfu)
    EXPECT_NEAR(replay(tokens, EvictionPolicy::kLfu).hit_ratio(), expected, 0.00006) << tokens << " tokens";
}

// Without limit the policy makes no difference.
TEST_F(Replay, EveryPolicyFindsAllThatRepeatsWithoutLimit) {
  const ReplayResult lru = replay(kNoLimit * kBlock, EvictionPolicy::kLru);
  EXPECT_EQ(replay(kNoLimit * kBlock, EvictionPolicy::kArc).hits, lru.hits);
  EXPECT_EQ(replay(kNoLimit * kBlock, EvictionPolicy::kLengthAware).hits, lru.hits);
}

TEST_F(Replay, AStoreWithoutRoomFindsNothing) {
  const ReplayResult none = replay(0, EvictionPolicy::kArc);
  EXPECT_EQ(none.hits, 0u);
  EXPECT_GT(none.lookups, 0u);
}

}  // namespace
}  // namespace kvsim::sim
