// SPDX-License-Identifier: Apache-2.0
#include "traces/inference_perf/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace kvsim::traces::inference_perf {
namespace {

TEST(ConstantSchedule, EndsExactlyAtTheEnd) {
  RandomStream random(1, "test");
  for (const std::uint64_t count : {1, 2, 120, 5000}) {
    const auto times = constant_schedule(count, 30, random);
    ASSERT_EQ(times.size(), count);
    EXPECT_EQ(times.back(), 30);
    EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
    EXPECT_GT(times.front(), 0);
  }
}

// n exponential gaps scaled to sum to 1 are uniform spacings: a gap has mean 1/n and variance
// (n - 1) / (n^2 (n + 1)), so the times are no even grid. The first time of n = 10 over 20,000 draws:
TEST(ConstantSchedule, HasTheSpacingsOfAPoissonProcess) {
  RandomStream random(2, "test");
  const double draws = 20'000, n = 10;
  double mean = 0, square = 0;
  for (int i = 0; i < draws; ++i) {
    const double first = constant_schedule(10, 1, random).front();
    mean += first / draws;
    square += first * first / draws;
  }
  const double variance = (n - 1) / (n * n * (n + 1));
  EXPECT_NEAR(mean, 1 / n, 5 * std::sqrt(variance / draws));
  EXPECT_NEAR(square - mean * mean, variance, 5 * variance * std::sqrt(8 / draws));
}

TEST(PoissonSchedule, FillsEachSecondToItsEnd) {
  RandomStream random(3, "test");
  const auto times = poisson_schedule(3000, 4, random);
  ASSERT_EQ(times.size(), 3000u);
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  const double last_second = std::floor(times.back());
  for (std::size_t i = 0; i + 1 < times.size(); ++i) {
    if (times[i] >= last_second) break;
    // The last of each second stands on a whole second: the next one lies beyond it.
    if (std::ceil(times[i + 1]) > std::ceil(times[i])) {
      EXPECT_EQ(times[i], std::ceil(times[i]));
    }
  }
}

// Counts per second are Poisson of mean 4: variance equals mean, e^-4 = 1.8 % of seconds are empty.
TEST(PoissonSchedule, CountsArePoisson) {
  RandomStream random(4, "test");
  const auto times = poisson_schedule(40'000, 4, random);
  const auto seconds = static_cast<std::size_t>(std::floor(times.back()));
  std::vector<double> counts(seconds);
  for (const double time : times) {
    const auto second = static_cast<std::size_t>(std::ceil(time)) - 1;
    if (second < seconds) ++counts[second];
  }
  const auto n = static_cast<double>(seconds);
  double mean = 0, variance = 0, empty = 0;
  for (const double count : counts) {
    mean += count / n;
    empty += count == 0 ? 1 : 0;
  }
  for (const double count : counts) variance += (count - mean) * (count - mean) / n;
  EXPECT_NEAR(mean, 4, 5 * std::sqrt(4 / n));
  EXPECT_NEAR(variance, 4, 5 * std::sqrt((4 + 2 * 16) / n));
  EXPECT_NEAR(empty / n, std::exp(-4), 5 * std::sqrt(std::exp(-4) / n));
}

TEST(PoissonSchedule, LowRatesHaveEmptySeconds) {
  RandomStream random(5, "test");
  const auto times = poisson_schedule(100, 0.01, random);
  EXPECT_GT(times.back(), 5000);
}

}  // namespace
}  // namespace kvsim::traces::inference_perf
