// SPDX-License-Identifier: Apache-2.0
// How many steps of a row lie outside of what step times were fitted on?
#include "models/fitted_quantity.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "tests/models/step_time_fixture.h"

namespace kvsim::models {
namespace {

std::uint64_t outside(Quantity quantity, FittedRange range, const StepWork& work, std::uint64_t steps) {
  QuantityOfRow row;
  return quantity_of_row({quantity, range}, work, steps, row) ? row.outside : 0;
}

// Two decodes of 10 and 20 tokens: the mean context of step j is 15 + (j - 1).
TEST(FittedQuantity, CountsTheStepsOfARowBeyondEitherEnd) {
  const StepWork work = work_of({10, 20});
  const auto context = [&](double low, double high) {
    return outside(Quantity::kContextTokens, {low, high}, work, 10);  // 15 .. 24
  };
  EXPECT_EQ(context(15, 24), 0u);
  EXPECT_EQ(context(15, 23), 1u);
  EXPECT_EQ(context(16, 24), 1u);
  EXPECT_EQ(context(17, 20), 6u);
  EXPECT_EQ(context(0, 14), 10u);
  EXPECT_EQ(context(25, 99), 10u);
  EXPECT_EQ(context(15.5, 16.5), 9u);
  QuantityOfRow row;
  EXPECT_TRUE(quantity_of_row({Quantity::kContextTokens, {0, 1}}, work, 10, row));
  EXPECT_EQ(row.least, 15);
  EXPECT_EQ(row.most, 24);
}

TEST(FittedQuantity, WhatDoesNotGrowIsOutsideInAllStepsOrInNone) {
  const StepWork work = work_of({10, 20}, {{0, 5}});
  EXPECT_EQ(outside(Quantity::kStepTokens, {1, 7}, work, 4), 0u);
  EXPECT_EQ(outside(Quantity::kStepTokens, {1, 6}, work, 4), 4u);
  EXPECT_EQ(outside(Quantity::kDecodeSequences, {3, 9}, work, 4), 4u);
  EXPECT_EQ(outside(Quantity::kTablePrefillTokens, {0, 5}, work, 4), 0u);
}

TEST(FittedQuantity, StepsWithoutDecodesHaveNoneOfTheirQuantities) {
  const StepWork work = work_of({}, {{0, 5}});
  QuantityOfRow row;
  EXPECT_FALSE(quantity_of_row({Quantity::kDecodeSequences, {1, 2}}, work, 1, row));
  EXPECT_FALSE(quantity_of_row({Quantity::kContextTokens, {1, 2}}, work, 1, row));
  EXPECT_EQ(outside(Quantity::kTableDecodeSequences, {1, 2}, work, 1), 1u);
}

TEST(FittedQuantity, AgreesWithCountingStepByStep) {
  RandomStream random(11, "rows");
  for (int i = 0; i < 3000; ++i) {
    StepWork work = random_work(random);
    const std::uint64_t steps = 1 + random.below(200);
    const double low = static_cast<double>(random.below(3000));
    const FittedRange range = {low, low + static_cast<double>(random.below(3000))};
    for (const Quantity quantity : {Quantity::kContextTokens, Quantity::kTableContextTokens}) {
      const double n = static_cast<double>(work.decode_sequences);
      if (n == 0) continue;
      const bool is_mean = quantity == Quantity::kContextTokens;
      const Line line = is_mean ? Line{work.decode_context_tokens / n, 1}
                                : Line{work.decode_context_tokens + work.prefill_context_tokens, n};
      std::uint64_t counted = 0;
      for (std::uint64_t j = 1; j <= steps; ++j) counted += !range.contains(line.at(j));
      ASSERT_EQ(outside(quantity, range, work, steps), counted) << "seed 11, case " << i;
    }
  }
}

TEST(FittedQuantity, OnlyStatedRangesCount) {
  FittedRanges ranges;
  ranges.context_tokens = {1, 9};
  const auto stated = fitted_quantities(ranges);
  ASSERT_EQ(stated.size(), 1u);
  EXPECT_EQ(name(stated[0].quantity), "context_tokens");
}

}  // namespace
}  // namespace kvsim::models
