// SPDX-License-Identifier: Apache-2.0
// Exact quantiles, linear between ranks: share q of n values is at position q * (n - 1) of the sorted values.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace kvsim::sim {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

// `shares` in [0, 1], any order; `values` not empty and without NaN; they are reordered. O(n log shares).
std::vector<double> quantiles(std::vector<double>& values, const std::vector<double>& shares);
double median(std::vector<double> values);  // the quantile of 0.5: the same conditions

// Mean of one value or more, and standard deviation of two or more, with n - 1 below.
double sample_mean(const std::vector<double>& values);
double sample_deviation(const std::vector<double>& values, double mean);

// What the summary tells of one quantity. NaN where count is 0.
struct Distribution {
  std::uint64_t count = 0;
  double mean = kNotANumber;
  double p50 = kNotANumber;
  double p90 = kNotANumber;
  double p95 = kNotANumber;
  double p99 = kNotANumber;
  double max = kNotANumber;
};

// inference-perf's statistics block: mean, then the quantiles at statistics_shares().
struct Statistics {
  std::uint64_t count = 0;
  double mean = kNotANumber;
  std::vector<double> at;
};
const std::vector<double>& statistics_shares();  // min, 0.1 %, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9 %, max

// Results are divided by `unit`: 1e9 for values in nanoseconds and results in seconds. Values are reordered.
double exact_mean(const std::vector<double>& values, double unit);
Distribution distribution(std::vector<double>& values, double unit);
Statistics statistics(std::vector<double>& values, double unit);
// 101 quantiles, 0 % to 100 %, for drawing; empty where there are no values.
std::vector<double> cumulative(std::vector<double>& values, double unit);

}  // namespace kvsim::sim
