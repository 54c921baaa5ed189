// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/distribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <ostream>
#include <vector>

namespace kvsim::traces {
namespace {

constexpr int kDraws = 200'000;

struct Moments {
  double mean = 0, variance = 0, third = 0;
};

Moments moments(const Distribution& distribution) {
  RandomStream random(7, "test");
  std::vector<double> values;
  for (int i = 0; i < kDraws; ++i) values.push_back(distribution.sample(random));
  Moments result;
  for (const double value : values) result.mean += value / kDraws;
  for (const double value : values) {
    const double off = value - result.mean;
    result.variance += off * off / kDraws;
    result.third += off * off * off / kDraws;
  }
  return result;
}

// Each case: mean and deviation that the shape must have; bounds are 5 standard errors of the sample mean
// and, for the variance, of a distribution with kurtosis up to `kurtosis`.
struct Case {
  const char* name;
  DistributionParameters parameters;
  double mean, deviation, kurtosis;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class Shapes : public ::testing::TestWithParam<Case> {};

TEST_P(Shapes, HaveTheirMeanAndVariance) {
  const Case& c = GetParam();
  const Moments found = moments(Distribution(c.parameters));
  const double variance = c.deviation * c.deviation;
  EXPECT_NEAR(found.mean, c.mean, 5 * c.deviation / std::sqrt(kDraws) + 1e-9 * c.mean) << c.name;
  EXPECT_NEAR(found.variance, variance, 5 * variance * std::sqrt((c.kurtosis - 1) / kDraws) + 1e-15)
      << c.name;
  EXPECT_NEAR(Distribution(c.parameters).nominal_mean(), c.mean, 1e-9 * c.mean) << c.name;
}

// Without clamping in reach. Uniform on [a, b]: deviation (b - a)/sqrt(12). Geometric of mean m: variance m(m
// - 1). Lognormal with deviation/mean = 0.5: log variance 0.2231, kurtosis e^4s + 2e^3s + 3e^2s - 3 = 8.0.
INSTANTIATE_TEST_SUITE_P(
    All, Shapes,
    ::testing::Values(
        Case{"fixed", {.shape = Shape::kFixed, .mean = 42}, 42, 0, 3},
        Case{"uniform", {.shape = Shape::kUniform, .low = 10, .high = 34}, 22, 24 / std::sqrt(12.0), 1.8},
        Case{"normal", {.shape = Shape::kNormal, .mean = 1000, .deviation = 100}, 1000, 100, 3},
        Case{"skew", {.shape = Shape::kSkewNormal, .mean = 1000, .deviation = 100, .skew = 4}, 1000, 100, 4},
        Case{"lognormal", {.shape = Shape::kLognormal, .mean = 200, .deviation = 100}, 200, 100, 8.1},
        Case{"exponential", {.shape = Shape::kExponential, .mean = 30}, 30, 30, 9},
        Case{"poisson", {.shape = Shape::kPoisson, .mean = 25}, 25, 5, 3.1},
        Case{"geometric", {.shape = Shape::kGeometric, .mean = 4}, 4, std::sqrt(12.0), 9.2}));

// Skewness of the skew normal with shape 4: d = 4/sqrt(17), m = d sqrt(2/pi) = 0.7741,
// (4 - pi)/2 m^3 / (1 - m^2)^1.5 = 0.784.
TEST(Distribution, SkewLeansToTheRight) {
  const Moments found =
      moments(Distribution({.shape = Shape::kSkewNormal, .mean = 1000, .deviation = 100, .skew = 4}));
  EXPECT_NEAR(found.third / std::pow(found.variance, 1.5), 0.784, 0.03);
}

TEST(Distribution, ClampsToItsLimits) {
  const Distribution narrow({.shape = Shape::kNormal, .mean = 100, .deviation = 500, .low = 90, .high = 110});
  RandomStream random(1, "test");
  for (int i = 0; i < 1000; ++i) {
    const double value = narrow.sample(random);
    ASSERT_GE(value, 90);
    ASSERT_LE(value, 110);
  }
}

TEST(Distribution, ScalesEveryDraw) {
  const Distribution pages({.shape = Shape::kUniform, .low = 1, .high = 3});
  RandomStream one(3, "test"), other(3, "test");
  for (int i = 0; i < 100; ++i) EXPECT_DOUBLE_EQ(pages.times(650).sample(one), 650 * pages.sample(other));
}

TEST(Distribution, TokensAreWholeAndAtLeastOne) {
  EXPECT_EQ(round_tokens(-3), 1u);
  EXPECT_EQ(round_tokens(std::nan("")), 1u);
  EXPECT_EQ(round_tokens(2.5), 3u);
  EXPECT_EQ(round_tokens(1e30), 4294967295u);
}

TEST(Distribution, LognormalMeetsItsPercentiles) {
  const MeanDeviation moments = lognormal_from_percentiles(120, 900);
  const Distribution lengths(
      {.shape = Shape::kLognormal, .mean = moments.mean, .deviation = moments.deviation});
  EXPECT_NEAR(lengths.from_normal(0), 120, 1e-9 * 120);
  EXPECT_NEAR(lengths.from_normal(1.6448536269514722), 900, 1e-9 * 900);
}

}  // namespace
}  // namespace kvsim::traces
