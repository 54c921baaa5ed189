// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/quantiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "sim/metrics/exact_sum.h"

namespace kvsim::sim {
namespace {

// Of 0, 1, ... 100 the quantile at share q is 100 q.
TEST(Quantiles, OfEvenlySpacedValuesAreTheirPosition) {
  std::vector<double> values;
  for (int i = 100; i >= 0; --i) values.push_back(i);
  const std::vector<double> shares{0, 0.123, 0.5, 0.99, 0.999, 1};
  const std::vector<double> found = quantiles(values, shares);
  for (std::size_t i = 0; i < shares.size(); ++i) EXPECT_NEAR(found[i], 100 * shares[i], 1e-9);
}

TEST(Quantiles, OfTwoValuesLieOnTheLineBetweenThem) {
  std::vector<double> values{3, 1};
  EXPECT_EQ(quantiles(values, {0.75, 0.25}), (std::vector<double>{2.5, 1.5}));
}

TEST(Quantiles, AgreeWithSortingOnRandomValues) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    RandomStream random(seed, "quantiles");
    std::vector<double> values(1 + random.below(300));
    for (double& value : values) value = static_cast<double>(random.below(50));  // many ties
    std::vector<double> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    const double share = random.uniform();
    const double at = share * static_cast<double>(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(at);
    const auto high = std::min(low + 1, sorted.size() - 1);
    const double expected = sorted[low] + (sorted[high] - sorted[low]) * (at - std::floor(at));
    const std::vector<double> found = quantiles(values, {1, share, 0});
    EXPECT_EQ(found, (std::vector<double>{sorted.back(), expected, sorted.front()})) << "seed " << seed;
  }
}

TEST(Distribution, IsTheSameInAnyOrder) {
  RandomStream random(3, "order");
  std::vector<double> values(1000);
  for (double& value : values) value = random.exponential(1e9);
  std::vector<double> others = values;
  random.shuffle(others);
  EXPECT_EQ(distribution(values, 1e9).mean, distribution(others, 1e9).mean);
  EXPECT_EQ(distribution(values, 1e9).p99, distribution(others, 1e9).p99);
}

TEST(Distribution, OfNothingIsUnknown) {
  std::vector<double> none;
  EXPECT_EQ(distribution(none, 1e9).count, 0u);
  EXPECT_TRUE(std::isnan(distribution(none, 1e9).p50));
  EXPECT_TRUE(cumulative(none, 1e9).empty());
}

// 2^62 + 2^-20 - 2^62 would lose the small term in doubles.
TEST(ExactSum, KeepsSmallTermsBesideLargeOnes) {
  ExactSum sum;
  for (const double term : {0x1p62, 0x1p-20, -0x1p62}) sum.add(term);
  EXPECT_EQ(sum.value(), 0x1p-20);
}

}  // namespace
}  // namespace kvsim::sim
