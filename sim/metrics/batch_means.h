// SPDX-License-Identifier: Apache-2.0
// How much of a correlated series is start-up, and how sure its mean and quantiles are.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace kvsim::sim {

constexpr std::size_t kBatches = 20;

struct Interval {
  double low = 0;
  double high = 0;
};

// MSER-5 (White 1997): the series is averaged in fives, and the cut is where the squared standard error of
// the mean of what remains is smallest, searched over the first half. Returns the number of values to drop, a
// multiple of 5.
std::size_t mser5_cut(const std::vector<double>& series);

// 95 % confidence intervals from 20 consecutive batches of equal size (the remainder is left out at the
// start) and Student's t with 19 degrees of freedom. Nothing where there are too few values: 2 in a batch for
// the mean, 20 beyond the quantile, one for each batch, for the quantile.
std::optional<Interval> mean_interval(const std::vector<double>& series);
std::optional<Interval> quantile_interval(const std::vector<double>& series, double share);

// Least-squares slope of equally spaced values (per step), and its t statistic with n - 2 degrees of freedom.
struct Trend {
  double slope = 0;
  double t = 0;
};
Trend linear_trend(const std::vector<double>& values);

}  // namespace kvsim::sim
