// SPDX-License-Identifier: Apache-2.0
// Moments within five standard errors for fixed seeds, and the exact draws of one stream.
#include "base/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <numeric>

namespace kvsim {
namespace {

constexpr int kDraws = 200'000;

struct Moments {
  double mean = 0, variance = 0;
};

Moments moments_of(const std::function<double()>& draw) {
  std::vector<double> values(kDraws);
  std::generate(values.begin(), values.end(), draw);
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / kDraws;
  double square = 0;
  for (const double value : values) square += (value - mean) * (value - mean);
  return {mean, square / (kDraws - 1)};
}

// `fourth` is the fourth central moment, from which follows the error of the variance.
void expect_moments(const std::function<double()>& draw, double mean, double variance, double fourth) {
  const Moments found = moments_of(draw);
  EXPECT_NEAR(found.mean, mean, 5 * std::sqrt(variance / kDraws));
  EXPECT_NEAR(found.variance, variance, 5 * std::sqrt((fourth - variance * variance) / kDraws));
}

TEST(RandomStream, DependsOnSeedAndNameAlone) {
  RandomStream a(7, "arrivals"), again(7, "arrivals"), other_name(7, "lengths"), other_seed(8, "arrivals");
  const std::uint64_t first = a.bits();
  EXPECT_EQ(again.bits(), first);
  EXPECT_NE(other_name.bits(), first);
  EXPECT_NE(other_seed.bits(), first);
}

TEST(RandomStream, GivesTheSameDrawsEverywhere) {
  RandomStream random(42, "golden");
  EXPECT_EQ(random.bits(), 0x7A15305094C8852Fu);
  EXPECT_EQ(random.bits(), 0x8670075E15DBED55u);
  EXPECT_EQ(random.below(1000), 636u);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(random.exponential(2)), 0x40011029319BC365u);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(random.normal(0, 1)), 0xBFDACE09D8C45C8Au);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(random.gamma(0.5, 2)), 0x4002606800BB8BBBu);
  EXPECT_EQ(random.poisson(3), 1u);
  EXPECT_EQ(random.poisson(1e6), 1'000'043u);
}

TEST(RandomStream, GeneratorMatchesThePublishedRecurrence) {
  // xoshiro256++ written out a second time, from the state that splitmix64 gives.
  std::uint64_t counter = mix64(5 + 0x9E3779B97F4A7C15ull) ^ hash_text("twin");
  std::uint64_t s[4];
  for (auto& word : s) word = mix64(counter += 0x9E3779B97F4A7C15ull);
  RandomStream random(5, "twin");
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t sum = s[0] + s[3];
    ASSERT_EQ(random.bits(), ((sum << 23) | (sum >> 41)) + s[0]);
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0], s[3] ^= s[1], s[1] ^= s[2], s[0] ^= s[3], s[2] ^= t;
    s[3] = (s[3] << 45) | (s[3] >> 19);
  }
}

TEST(RandomStream, UniformStaysBelowOne) {
  RandomStream random(1, "uniform");
  expect_moments([&] { return random.uniform(); }, 0.5, 1.0 / 12, 1.0 / 80);
}

TEST(RandomStream, BelowIsEvenAndBounded) {
  RandomStream random(1, "below");
  std::vector<int> counts(7);
  for (int i = 0; i < kDraws; ++i) ++counts.at(random.below(7));
  double chi_square = 0;  // 6 degrees of freedom: 27.9 is passed once in 10,000
  for (const int count : counts) chi_square += std::pow(count - kDraws / 7.0, 2) / (kDraws / 7.0);
  EXPECT_LT(chi_square, 27.9);
  EXPECT_EQ(random.below(1), 0u);
  EXPECT_LT(random.below(1ull << 63), 1ull << 63);
}

TEST(RandomStream, ExponentialHasItsMoments) {
  RandomStream random(1, "exponential");
  expect_moments([&] { return random.exponential(3); }, 3, 9, 9 * 81);
}

TEST(RandomStream, NormalHasItsMoments) {
  RandomStream random(1, "normal");
  expect_moments([&] { return random.normal(-2, 4); }, -2, 16, 3 * 256);
}

TEST(RandomStream, LognormalHasTheMedianOfItsLogarithm) {
  RandomStream random(1, "lognormal");
  std::vector<double> values(kDraws);
  for (double& value : values) value = random.lognormal(5, 1.2);
  std::nth_element(values.begin(), values.begin() + kDraws / 2, values.end());
  EXPECT_NEAR(std::log(values[kDraws / 2]), 5, 5 * 1.2 * std::sqrt(3.14159 / 2 / kDraws));
}

class Gamma : public testing::TestWithParam<double> {};

TEST_P(Gamma, HasItsMoments) {
  // Variance k s^2, fourth central moment 3 k (k + 2) s^4.
  const double k = GetParam(), s = 2;
  RandomStream random(1, "gamma");
  expect_moments([&] { return random.gamma(k, s); }, k * s, k * s * s, 3 * k * (k + 2) * std::pow(s, 4));
}
INSTANTIATE_TEST_SUITE_P(Shapes, Gamma, testing::Values(0.1, 0.5, 1.0, 2.5, 40.0));

class Poisson : public testing::TestWithParam<double> {};

TEST_P(Poisson, HasItsMoments) {
  // Variance m, fourth central moment m (1 + 3 m).
  const double m = GetParam();
  RandomStream random(1, "poisson");
  expect_moments([&] { return static_cast<double>(random.poisson(m)); }, m, m, m * (1 + 3 * m));
}

INSTANTIATE_TEST_SUITE_P(Means, Poisson, testing::Values(0.01, 1.0, 9.99, 10.0, 12.0, 30.0, 1e3, 1e6, 1e9));

class PoissonMass : public testing::TestWithParam<double> {};

TEST_P(PoissonMass, IsMatchedWithinTwoDeviations) {
  const double m = GetParam();
  const auto from = static_cast<std::uint64_t>(std::max(0.0, m - 2 * std::sqrt(m)));
  const auto to = static_cast<std::uint64_t>(m + 2 * std::sqrt(m));
  std::vector<double> counts(to - from + 1);
  RandomStream random(2, "poisson mass");
  for (int i = 0; i < kDraws; ++i) {
    const std::uint64_t k = random.poisson(m);
    if (k >= from && k <= to) ++counts[k - from];
  }
  for (std::uint64_t k = from; k <= to; ++k) {
    const double x = static_cast<double>(k);
    const double mass = std::exp(x * std::log(m) - m - std::lgamma(x + 1));
    EXPECT_NEAR(counts[k - from] / kDraws, mass, 5.5 * std::sqrt(mass / kDraws) + 1e-9) << k;
  }
}
INSTANTIATE_TEST_SUITE_P(Means, PoissonMass, testing::Values(0.01, 1.0, 9.99, 10.0, 12.0, 30.0, 1e3, 1e6));

TEST(RandomStream, PoissonOfNothingIsNothing) {
  RandomStream random(1, "poisson");
  EXPECT_EQ(random.poisson(0), 0u);
}

TEST(RandomStream, ShuffleKeepsTheItemsAndMovesThem) {
  RandomStream random(1, "shuffle");
  std::vector<int> items(100);
  std::iota(items.begin(), items.end(), 0);
  std::vector<int> shuffled = items;
  random.shuffle(shuffled);
  EXPECT_NE(shuffled, items);
  EXPECT_THAT(shuffled, testing::UnorderedElementsAreArray(items));
}

}  // namespace
}  // namespace kvsim
