// SPDX-License-Identifier: Apache-2.0
// Do the closed forms of a batch and of a steady state say what can be worked out by hand?
#include "validation/serving_points/point_seconds.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace kvsim::validation {
namespace {

// Every coefficient a power of ten or a round number, so that sums can be read off.
class Straight : public models::StepTimeModel {
 public:
  explicit Straight(std::uint64_t steps = models::kUnlimitedSteps) : steps_(steps) {}
  models::StepCost cost(const models::StepWork& work) const override {
    models::StepCost cost;
    cost.seconds.first = 1 + 0.001 * static_cast<double>(work.prefill_tokens) +
                         0.1 * static_cast<double>(work.decode_sequences) + 1e-5 * work.decode_context_tokens;
    cost.seconds.growth = 1e-5 * static_cast<double>(work.decode_sequences);
    cost.steps = steps_;
    return cost;
  }

 private:
  std::uint64_t steps_;
};

// 10 prompts of 3000 tokens: steps of 2 (6000 of 8192), five of them, each 1 + 6 s.
TEST(PointSeconds, PromptsGoInStepsOfWholeOnes) {
  EXPECT_DOUBLE_EQ(prefill_seconds(Straight(), {3000, 1}, 10), 35);
}

// 11: five steps and one of a single prompt, 1 + 3 s. A prompt longer than a step has one of its own.
TEST(PointSeconds, TheLastStepHoldsTheRest) {
  EXPECT_DOUBLE_EQ(prefill_seconds(Straight(), {3000, 1}, 11), 39);
  EXPECT_DOUBLE_EQ(prefill_seconds(Straight(), {10'000, 1}, 2), 22);
}

// Two prompts of 1000: 3 s. Then O - 1 = 3 steps, each 1 + 0.2 s and 1e-5 x 2 x (1001, 1002, 1003) of
// context: 3.6 + 0.06012. O = 1 has no such step.
TEST(PointSeconds, AStaticBatchIsItsPromptsAndItsDecodes) {
  EXPECT_DOUBLE_EQ(static_batch_seconds(Straight(), {1000, 4}, 2), 6.66012);
  EXPECT_DOUBLE_EQ(static_batch_seconds(Straight(), {1000, 1}, 2), 3);
}

TEST(PointSeconds, HowLongALineHoldsDoesNotMatterWhereItIsTheSameLine) {
  RandomStream random(7, "points");
  for (int i = 0; i < 200; ++i) {
    const PointShape shape{1 + random.below(5000), 1 + random.below(3000)};
    const std::uint64_t batch = 1 + random.below(300), steps = 1 + random.below(50);
    EXPECT_NEAR(
        static_batch_seconds(Straight(steps), shape, batch) / static_batch_seconds(Straight(), shape, batch),
        1, 1e-12)
        << "seed 7, case " << i;
  }
}

// 20 decodes, I = 1000, O = 101: mean context 1000 + 51, d = 1 + 2 + 1e-5 x 20 x 1051 = 3.2102. 20 / 100
// prompts come for each step, one at a time, at 1 s each: 3.2102 + 0.2.
TEST(PointSeconds, ASteadyStepCarriesItsShareOfPrompts) {
  EXPECT_DOUBLE_EQ(steady_step_seconds(Straight(), {1000, 101}, 20), 3.4102);
  EXPECT_DOUBLE_EQ(steady_token_seconds(Straight(), {1000, 101}, 20), 100.0 / 101 * 3.4102 / 20);
}

// 300 / 100 = 3 prompts for each step, all in one: 1 + 30 + 1e-5 x 300 x 1051 + 3. Half a decode is one that
// runs half of the time: 0.005 prompts a step.
TEST(PointSeconds, PromptsComeTogetherWhereThereAreMany) {
  EXPECT_DOUBLE_EQ(steady_step_seconds(Straight(), {1000, 101}, 300), 37.153);
  EXPECT_DOUBLE_EQ(steady_step_seconds(Straight(), {1000, 101}, 0.5), 1.1 + 0.01051 + 0.005);
}

}  // namespace
}  // namespace kvsim::validation
