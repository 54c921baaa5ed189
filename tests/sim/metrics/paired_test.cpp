// SPDX-License-Identifier: Apache-2.0
// Are paired intervals what one gets by hand, and do they hold as often as they say?
#include "sim/metrics/paired.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace kvsim::sim {
namespace {

// Differences 1, 2, 3: mean 2, deviation 1, error 1 / sqrt 3. Student's limit for 2 degrees is 4.3026527, so
// half the interval is 2.4841377. t = 2 sqrt 3, and for 2 degrees p = 1 - t / sqrt(2 + t^2) = 1 - sqrt(12 /
// 14).
TEST(Paired, IntervalIsTheOneByHand) {
  const PairedDifference paired = paired_difference({10, 12, 14}, {11, 14, 17});
  EXPECT_EQ(paired.pairs, 3u);
  EXPECT_EQ(paired.a, 12);
  EXPECT_EQ(paired.b, 14);
  EXPECT_EQ(paired.difference, 2);
  EXPECT_NEAR(paired.interval->low, 2 - 2.4841377, 1e-7);
  EXPECT_NEAR(paired.interval->high, 2 + 2.4841377, 1e-7);
  EXPECT_NEAR(*paired.chance, 1 - std::sqrt(12.0 / 14), 1e-12);
}

TEST(Paired, WhatASeedDoesToBothDropsOut) {
  const PairedDifference near = paired_difference({1, 2, 3}, {2, 4, 6});
  const PairedDifference far = paired_difference({1001, 5002, 3}, {1002, 5004, 6});
  EXPECT_NEAR(near.interval->low, far.interval->low, 1e-9);
  EXPECT_NEAR(*near.chance, *far.chance, 1e-9);
}

TEST(Paired, OnePairHasNoInterval) {
  const PairedDifference paired = paired_difference({1}, {5});
  EXPECT_EQ(paired.difference, 4);
  EXPECT_FALSE(paired.interval);
  EXPECT_FALSE(paired.chance);
  EXPECT_EQ(paired_difference({}, {}).pairs, 0u);
}

TEST(Paired, ADifferenceThatNeverVariesHasNoWidth) {
  const PairedDifference paired = paired_difference({8, 8}, {4, 4});
  EXPECT_EQ(paired.interval->low, -4);
  EXPECT_EQ(paired.interval->high, -4);
  EXPECT_EQ(paired.chance, 0);
  EXPECT_EQ(paired_difference({8, 9}, {8, 9}).chance, 1);
}

// 5,000 sets of pairs with a difference of 1 and normal noise: 0.95 of them hold it, give or take 3 x 15.4.
TEST(Paired, HoldsTheDifferenceAsOftenAsItSays) {
  RandomStream random(5, "paired");
  for (const std::size_t pairs : {2, 5, 20}) {
    int held = 0;
    for (int i = 0; i < 5000; ++i) {
      std::vector<double> a, b;
      for (std::size_t k = 0; k < pairs; ++k) {
        a.push_back(random.normal(0, 10));
        b.push_back(a.back() + random.normal(1, 0.3));
      }
      const Interval interval = *paired_difference(a, b).interval;
      held += interval.low <= 1 && 1 <= interval.high;
    }
    EXPECT_NEAR(held, 4750, 47) << pairs;
  }
}

// Sorted 0.005 x 4 = 0.02, 0.01 x 3 = 0.03, 0.03 x 2 = 0.06, and 0.04 x 1 is not below the one before.
TEST(Holm, MultipliesByHowManyAreLeft) {
  const std::vector<double> adjusted = holm_adjusted({0.01, 0.04, 0.03, 0.005});
  const std::vector<double> expected = {0.03, 0.06, 0.06, 0.02};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(adjusted[i], expected[i], 1e-15);
  EXPECT_EQ(holm_adjusted({0.7, 0.9}), (std::vector<double>{1, 1}));
  EXPECT_TRUE(holm_adjusted({}).empty());
}

// Of 2,000 families of 20 without any difference, at most about 5 % have one that is called significant.
TEST(Holm, RarelyCallsAnythingOfAFamilySignificant) {
  RandomStream random(6, "holm");
  int wrong = 0;
  for (int i = 0; i < 2000; ++i) {
    std::vector<double> chances;
    for (int k = 0; k < 20; ++k) chances.push_back(random.uniform());
    bool any = false;
    for (const double adjusted : holm_adjusted(chances)) any = any || adjusted < 0.05;
    wrong += any;
  }
  EXPECT_NEAR(wrong, 100, 30);
}

}  // namespace
}  // namespace kvsim::sim
