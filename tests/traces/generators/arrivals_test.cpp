// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/arrivals.h"

#include <gtest/gtest.h>

#include <cmath>

namespace kvsim::traces {
namespace {

using Process = ArrivalSettings::Process;

std::vector<double> times(const ArrivalSettings& settings, int count, std::uint64_t seed = 11) {
  const auto arrivals = make_arrivals(settings, seed, "test");
  std::vector<double> result;
  for (int i = 0; i < count; ++i) result.push_back(arrivals->next());
  return result;
}

struct Gaps {
  double mean = 0, variance = 0;
};

Gaps gaps(const std::vector<double>& arrivals) {
  const auto n = static_cast<double>(arrivals.size());
  Gaps found;
  found.mean = arrivals.back() / n;
  double last = 0;
  for (const double time : arrivals) {
    EXPECT_GE(time, last);
    found.variance += (time - last - found.mean) * (time - last - found.mean) / n;
    last = time;
  }
  return found;
}

std::vector<int> counts(const std::vector<double>& arrivals, double bin, std::size_t bins) {
  std::vector<int> result(bins);
  for (const double time : arrivals) {
    const auto index = static_cast<std::size_t>(time / bin);
    if (index < bins) ++result[index];
  }
  return result;
}

// Exponential gaps of mean m: variance m^2, fourth central moment 9 m^4, so the sample variance has standard
// error m^2 sqrt(8/n).
TEST(Arrivals, PoissonGapsAreExponential) {
  const int n = 100'000;
  const Gaps found = gaps(times({.process = Process::kPoisson, .rate = 4}, n));
  EXPECT_NEAR(found.mean, 0.25, 5 * 0.25 / std::sqrt(n));
  EXPECT_NEAR(found.variance, 0.0625, 5 * 0.0625 * std::sqrt(8.0 / n));
}

// Gamma gaps of shape k: squared coefficient of variation 1/k, kurtosis 3 + 6/k.
TEST(Arrivals, GammaGapsHaveTheirBurstiness) {
  const int n = 100'000;
  for (const double shape : {0.25, 1.0, 4.0}) {
    const Gaps found = gaps(times({.process = Process::kGamma, .rate = 2, .burstiness = shape}, n));
    const double variance = 0.25 / shape;
    EXPECT_NEAR(found.mean, 0.5, 5 * std::sqrt(variance / n)) << shape;
    EXPECT_NEAR(found.variance, variance, 5 * variance * std::sqrt((2 + 6 / shape) / n)) << shape;
  }
}

TEST(Arrivals, ConstantIsEven) {
  const auto found = times({.process = Process::kConstant, .rate = 8}, 1000);
  for (int i = 0; i < 1000; ++i) EXPECT_DOUBLE_EQ(found[i], (i + 1) / 8.0);
}

// Weights 1, 3, 0, 4 with mean rate 2 over steps of 100 s: rates 1, 3, 0, 4. Counts of 200 cycles are
// Poisson, so their standard deviation is the root of their mean.
TEST(Arrivals, DiurnalFollowsItsProfile) {
  const ArrivalSettings settings{
      .process = Process::kDiurnal, .rate = 2, .profile = {1, 3, 0, 4}, .step_seconds = 100};
  const auto found = counts(times(settings, 170'000), 100, 800);
  std::vector<double> sums(4);
  for (std::size_t bin = 0; bin < found.size(); ++bin) sums[bin % 4] += found[bin];
  for (std::size_t step = 0; step < 4; ++step) {
    const double expected = settings.profile[step] * 100 * 200;
    EXPECT_NEAR(sums[step], expected, 5 * std::sqrt(expected)) << step;
  }
}

TEST(Arrivals, DiurnalStartsWhereItIsTold) {
  const ArrivalSettings settings{.process = Process::kDiurnal,
                                 .rate = 1,
                                 .profile = {1, 0, 0, 0},
                                 .step_seconds = 100,
                                 .start_seconds = 150};
  const auto found = times(settings, 1000);
  EXPECT_GE(found.front(), 250);
  for (const double time : found) EXPECT_LT(std::fmod(time + 150, 400), 100 + 1e-6);
}

TEST(Arrivals, DiurnalOfVeryLowRateSkipsEmptyWeeks) {
  const ArrivalSettings settings{
      .process = Process::kDiurnal, .rate = 1e-9, .profile = {1, 2}, .step_seconds = 1e-3};
  EXPECT_GT(times(settings, 10).back(), 1e8);
}

// On for 10 s at rate 5, off for 30 s: mean rate 5/4, the share of time on is 1/4. Counts of a two-state MMPP
// in bins of 1000 s: mean 1250; variance = mean + 2 r^2 p q / s (T - (1 - e^-sT)/s) with p = 1/4, q = 3/4, s
// = 1/10 + 1/30: = 1250 + 2 * 25 * 0.1875 / 0.13333 * (1000 - 7.5) = 71,035.
TEST(Arrivals, OnOffIsBurstyByTheRightAmount) {
  const ArrivalSettings settings{
      .process = Process::kOnOff, .rate = 5, .off_rate = 0, .on_seconds = 10, .off_seconds = 30};
  const std::size_t bins = 400;
  const auto found = counts(times(settings, 700'000), 1000, bins);
  double mean = 0, variance = 0;
  for (const int count : found) mean += count / static_cast<double>(bins);
  for (const int count : found) variance += (count - mean) * (count - mean) / static_cast<double>(bins);
  EXPECT_NEAR(mean, 1250, 5 * std::sqrt(71035.0 / bins));
  EXPECT_NEAR(variance, 71035, 5 * 71035 * std::sqrt(2.0 / bins));
}

TEST(Arrivals, ClosedStartsEachClientOnce) {
  const auto arrivals = make_arrivals({.process = Process::kClosed, .clients = 3}, 1, "test");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(arrivals->next(), 0);
  EXPECT_TRUE(std::isinf(arrivals->next()));
}

TEST(Arrivals, DependOnSeedAndName) {
  const ArrivalSettings settings{.process = Process::kPoisson, .rate = 1};
  EXPECT_EQ(times(settings, 100, 1), times(settings, 100, 1));
  EXPECT_NE(times(settings, 100, 1), times(settings, 100, 2));
  EXPECT_NE(make_arrivals(settings, 1, "a")->next(), make_arrivals(settings, 1, "b")->next());
}

}  // namespace
}  // namespace kvsim::traces
