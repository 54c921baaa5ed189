// SPDX-License-Identifier: Apache-2.0
// Up to which rate does a ladder of stages meet a bound, and what is known of the error?
#include "validation/slo_rate.h"

#include <gtest/gtest.h>

#include <limits>

namespace kvsim::validation {
namespace {

constexpr double kNone = std::numeric_limits<double>::infinity();

void expect_bounded(const std::optional<Bounded>& found, double value, Bound bound) {
  ASSERT_TRUE(found.has_value());
  EXPECT_DOUBLE_EQ(found->value, value);
  EXPECT_EQ(found->bound, bound);
}

// From 0.5 s at 10/s to 2.5 s at 20/s: 1 s is a quarter of the way, 12.5/s.
TEST(SloRate, ACrossingLiesOnTheLineBetweenTwoStages) {
  expect_bounded(rate_under({{5, 0.2}, {10, 0.5}, {20, 2.5}, {40, 9}}, 1), 12.5, Bound::kExact);
}

TEST(SloRate, OrderOfStagesDoesNotMatter) {
  expect_bounded(rate_under({{40, 9}, {10, 0.5}, {5, 0.2}, {20, 2.5}}, 1), 12.5, Bound::kExact);
}

TEST(SloRate, AllMeetItIsAtLeastTheLargestRate) {
  expect_bounded(rate_under({{5, 0.2}, {10, 0.5}}, 1), 10, Bound::kAtLeast);
}

TEST(SloRate, NoneMeetsItIsBelowTheSmallestRate) {
  expect_bounded(rate_under({{5, 1}, {10, 0.5}}, 1), 5, Bound::kBelow);  // the bound itself is not met
}

// 10/s fails, 20/s meets it again: what counts is the first crossing, 5 + 5 * (1 - 0.5) / (1.5 - 0.5).
TEST(SloRate, OfSeveralCrossingsTheFirstCounts) {
  expect_bounded(rate_under({{5, 0.5}, {10, 1.5}, {20, 0.5}, {40, 9}}, 1), 7.5, Bound::kExact);
}

TEST(SloRate, AStageWithoutTheFigureIsMissed) {
  expect_bounded(rate_under({{5, 0.5}, {10, kNone}}, 1), 5, Bound::kExact);
  EXPECT_FALSE(rate_under({}, 1));
}

TEST(SloRate, TwoExactRatesHaveAnExactError) {
  expect_bounded(error_of_rates({10, Bound::kExact}, {12.5, Bound::kExact}), 0.25, Bound::kExact);
}

TEST(SloRate, OneCensoredRateLeavesABoundOfTheError) {
  expect_bounded(error_of_rates({10, Bound::kExact}, {15, Bound::kAtLeast}), 0.5, Bound::kAtLeast);
  expect_bounded(error_of_rates({10, Bound::kExact}, {5, Bound::kBelow}), -0.5, Bound::kBelow);
  // Measured 20 and more, simulated 15: -25 % at most.
  expect_bounded(error_of_rates({20, Bound::kAtLeast}, {15, Bound::kExact}), -0.25, Bound::kBelow);
  expect_bounded(error_of_rates({4, Bound::kBelow}, {6, Bound::kExact}), 0.5, Bound::kAtLeast);
  expect_bounded(error_of_rates({20, Bound::kAtLeast}, {5, Bound::kBelow}), -0.75, Bound::kBelow);
}

TEST(SloRate, RatesCensoredAlikeSayNothing) {
  EXPECT_FALSE(error_of_rates({20, Bound::kAtLeast}, {20, Bound::kAtLeast}));
  EXPECT_FALSE(error_of_rates({3, Bound::kBelow}, {3, Bound::kBelow}));
  EXPECT_FALSE(error_of_rates({0, Bound::kExact}, {3, Bound::kExact}));
}

}  // namespace
}  // namespace kvsim::validation
