// SPDX-License-Identifier: Apache-2.0
// The closed form of a replica's capacity against a step time of constants.
#include <gtest/gtest.h>

#include <cmath>

#include "planner/replica_work.h"

namespace kvsim::planner {
namespace {

// 10 ms, and 0.2 ms for each decode, 1 us for each token that it sees, 20 us for each token of a prompt.
class Constants : public models::StepTimeModel {
 public:
  models::StepCost cost(const models::StepWork& work) const override {
    models::StepCost cost;
    cost.seconds.first = 0.01 + 2e-4 * static_cast<double>(work.decode_sequences) +
                         1e-6 * work.decode_context_tokens + 2e-5 * static_cast<double>(work.prefill_tokens);
    return cost;
  }
};

struct HandCapacityTest : ::testing::Test {
  HandCapacityTest() {
    pool.step_time = std::make_shared<Constants>();
    pool.engine.max_num_seqs = 64;
    pool.engine.max_num_batched_tokens = 2048;
    pool.engine.block_size_tokens = 16;
    pool.kv_blocks = 1'000'000;
    kind.input_tokens = 1000;
    kind.output_tokens = 100;
    kind.mean.prefill_tokens = 1000;
  }
  HandCapacity at(const SloGoal& goal) const { return hand_capacity(pool, kind, goal); }
  sim::Pool pool;
  KindDemand kind;
};

// P = 0.01 + 1000 x 20 us = 0.03 s; S(b) = 0.01 + b (0.2 ms + 1050 us) = 0.01 + 0.00125 b.
// b = 64: S = 0.09, r = 64 / (100 x 0.09 + 64 x 0.03) = 64 / 10.92, TPOT = 0.09 + 64 x 0.03 / 100 = 0.1092.
TEST_F(HandCapacityTest, WithoutLimitsTheBatchIsAsLargeAsTheEngineAllows) {
  const HandCapacity most = at({});
  EXPECT_EQ(most.batch, 64);
  EXPECT_NEAR(most.prompt_seconds, 0.03, 1e-12);
  EXPECT_NEAR(most.tpot_seconds, 0.1092, 1e-12);
  EXPECT_NEAR(most.requests_per_second, 64 / 10.92, 1e-9);
  EXPECT_NEAR(most.batch, most.requests_per_second * kind.output_tokens * most.tpot_seconds, 1e-9);  // Little
}

// TPOT = 0.01 + 0.00125 b + 0.0003 b <= 50 ms: b <= 0.04 / 0.00155 = 25.8.
TEST_F(HandCapacityTest, TpotBoundsTheBatch) {
  const HandCapacity most = at({.limits = {{"tpot", 0.05}}});
  EXPECT_EQ(most.batch, 25);
  EXPECT_NEAR(most.requests_per_second, 25 / (100 * 0.04125 + 25 * 0.03), 1e-9);
}

// TTFT = P + S(b) = 0.04 + 0.00125 b <= 80 ms: b <= 32.
TEST_F(HandCapacityTest, TtftBoundsTheBatch) { EXPECT_EQ(at({.limits = {{"ttft", 0.0800001}}}).batch, 32); }

// E2E = P + S(b) + 100 (0.01 + 0.00155 b) = 1.04 + 0.15625 b <= 5 s: b <= 25.3.
TEST_F(HandCapacityTest, E2eBoundsTheBatch) { EXPECT_EQ(at({.limits = {{"e2e", 5}}}).batch, 25); }

// A sequence holds 1000 + 50 tokens at its mean: 10,000 tokens hold 9.
TEST_F(HandCapacityTest, MemoryBoundsTheBatch) {
  pool.kv_blocks = 625;
  EXPECT_EQ(at({}).batch, 9);
}

// 5,000 tokens are three chunks of 1,667: 3 x 10 ms + 5000 x 20 us.
TEST_F(HandCapacityTest, LongPromptsComeInChunks) {
  kind.mean.prefill_tokens = 5001;
  EXPECT_NEAR(at({}).prompt_seconds, 0.03 + 0.10002, 1e-9);
}

TEST_F(HandCapacityTest, WhereNotEvenOneSequenceIsInTimeThereIsNone) {
  EXPECT_EQ(at({.limits = {{"ttft", 0.03}}}).requests_per_second, 0);
}

// Nothing of it counts without a limit; the first one may take all of the E2E; the last comes 10 tokens
// later.
TEST_F(HandCapacityTest, TheLatestTimesFollowFromTheLimits) {
  kind.longest_output_tokens = 10;
  EXPECT_TRUE(std::isinf(latest_times({}, kind).first_token_seconds));
  EXPECT_TRUE(std::isinf(latest_times({.limits = {{"tpot", 0.05}}}, kind).last_token_seconds));
  EXPECT_EQ(latest_times({.limits = {{"e2e", 5}}}, kind).first_token_seconds, 5);
  const LatestTimes both = latest_times({.limits = {{"ttft", 1}, {"tpot", 0.05}}}, kind);
  EXPECT_EQ(both.first_token_seconds, 1);
  EXPECT_NEAR(both.last_token_seconds, 1.5, 1e-12);
}

}  // namespace
}  // namespace kvsim::planner
