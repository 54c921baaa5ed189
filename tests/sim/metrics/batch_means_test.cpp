// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/batch_means.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace kvsim::sim {
namespace {

// x[i] = a x[i-1] + noise, mean 10; a = 0: independent values.
std::vector<double> autoregressive(std::uint64_t seed, double a, std::size_t count) {
  RandomStream random(seed, "series");
  std::vector<double> series;
  double x = 0;
  for (std::size_t i = 0; i < count + 200; ++i) {
    x = a * x + random.normal(0, 1);
    if (i >= 200) series.push_back(10 + x);
  }
  return series;
}

// Of 400 intervals at 95 %, 380 hold the mean; 3.5 standard deviations (4.4 each) are 15.
int means_covered(double a) {
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const std::optional<Interval> interval = mean_interval(autoregressive(seed, a, 10'000));
    covered += interval->low <= 10 && 10 <= interval->high ? 1 : 0;
  }
  return covered;
}

TEST(BatchMeans, CoverTheMeanOfIndependentValues) { EXPECT_NEAR(means_covered(0), 380, 15); }

// Correlation time 1 / (1 - 0.9) = 10 values, a batch has 500.
TEST(BatchMeans, CoverTheMeanOfAnAutoregressiveSeries) { EXPECT_NEAR(means_covered(0.9), 380, 20); }

// The median of a normal series is its mean; its p90 is 1.2816 deviations above.
TEST(BatchMeans, CoverQuantilesOfIndependentValues) {
  int median = 0;
  int p90 = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const std::vector<double> series = autoregressive(seed, 0, 4000);
    const Interval middle = *quantile_interval(series, 0.5);
    const Interval high = *quantile_interval(series, 0.9);
    median += middle.low <= 10 && 10 <= middle.high ? 1 : 0;
    p90 += high.low <= 11.2816 && 11.2816 <= high.high ? 1 : 0;
  }
  EXPECT_NEAR(median, 380, 18);
  EXPECT_NEAR(p90, 380, 20);
}

TEST(BatchMeans, SayNothingOfTooFewValues) {
  EXPECT_FALSE(mean_interval(std::vector<double>(39, 1.0)));
  EXPECT_TRUE(mean_interval(std::vector<double>(40, 1.0)));
  EXPECT_FALSE(quantile_interval(std::vector<double>(1999, 1.0), 0.99));
  EXPECT_TRUE(quantile_interval(std::vector<double>(2000, 1.0), 0.99));
}

TEST(Mser5, CutsAStartUpAndLeavesASteadySeries) {
  std::vector<double> series = autoregressive(5, 0.5, 4000);
  EXPECT_LT(mser5_cut(series), 400u);
  for (std::size_t i = 0; i < 600; ++i) series[i] += 50.0 * static_cast<double>(600 - i) / 600;
  EXPECT_NEAR(static_cast<double>(mser5_cut(series)), 600, 60);
}

TEST(Mser5, NeverCutsMoreThanHalf) {
  std::vector<double> rising;
  for (int i = 0; i < 1000; ++i) rising.push_back(i);
  EXPECT_LE(mser5_cut(rising), 500u);
  EXPECT_EQ(mser5_cut({}), 0u);
  EXPECT_EQ(mser5_cut({1, 2, 3}), 0u);
}

// y = 3 + 2 x exactly: slope 2 and no residual.
TEST(LinearTrend, FindsTheSlopeOfALine) {
  std::vector<double> line;
  for (int i = 0; i < 20; ++i) line.push_back(3 + 2 * i);
  EXPECT_NEAR(linear_trend(line).slope, 2, 1e-9);
  EXPECT_GT(linear_trend(line).t, 1e6);
  EXPECT_EQ(linear_trend(std::vector<double>(20, 5.0)).t, 0);
}

// Residuals of (0, 1, 0) about its mean line: slope 0, so t is 0.
TEST(LinearTrend, HasNoSlopeWhereEndsAreEqual) { EXPECT_NEAR(linear_trend({0, 1, 0}).t, 0, 1e-12); }

}  // namespace
}  // namespace kvsim::sim
