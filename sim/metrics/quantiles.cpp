// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/quantiles.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "sim/metrics/exact_sum.h"

namespace kvsim::sim {
namespace {

using Iterator = std::vector<double>::iterator;
using Rank = std::vector<std::size_t>::const_iterator;

// Puts the value of every wanted rank at its place: halves the ranks, not the values, so k ranks cost log k
// passes.
void place_ranks(Iterator begin, Iterator low, Iterator high, Rank first, Rank last) {
  if (first == last || high - low < 2) return;
  const Rank middle = first + (last - first) / 2;
  const Iterator pivot = begin + static_cast<std::ptrdiff_t>(*middle);
  std::nth_element(low, pivot, high);
  place_ranks(begin, low, pivot, first, middle);
  place_ranks(begin, pivot + 1, high, middle + 1, last);
}

double position(double share, std::size_t count) { return share * static_cast<double>(count - 1); }

std::vector<std::size_t> wanted_ranks(const std::vector<double>& shares, std::size_t count) {
  std::vector<std::size_t> ranks;
  for (const double share : shares) {
    const auto rank = static_cast<std::size_t>(position(share, count));
    ranks.push_back(rank);
    ranks.push_back(std::min(rank + 1, count - 1));
  }
  std::sort(ranks.begin(), ranks.end());
  ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
  return ranks;
}

}  // namespace

std::vector<double> quantiles(std::vector<double>& values, const std::vector<double>& shares) {
  const std::vector<std::size_t> ranks = wanted_ranks(shares, values.size());
  place_ranks(values.begin(), values.begin(), values.end(), ranks.begin(), ranks.end());
  std::vector<double> result;
  for (const double share : shares) {
    const double at = position(share, values.size());
    const auto rank = static_cast<std::size_t>(at);
    const double low = values[rank];
    const double high = values[std::min(rank + 1, values.size() - 1)];
    result.push_back(low + (high - low) * (at - std::floor(at)));
  }
  return result;
}

double median(std::vector<double> values) { return quantiles(values, {0.5}).front(); }

double sample_mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double sample_deviation(const std::vector<double>& values, double mean) {
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double exact_mean(const std::vector<double>& values, double unit) {
  if (values.empty()) return kNotANumber;
  ExactSum sum;
  for (const double value : values) sum.add(value);
  return sum.value() / static_cast<double>(values.size()) / unit;
}

Distribution distribution(std::vector<double>& values, double unit) {
  Distribution result;
  result.count = values.size();
  if (values.empty()) return result;
  const std::vector<double> at = quantiles(values, {0.5, 0.9, 0.95, 0.99, 1.0});
  result.mean = exact_mean(values, unit);
  result.p50 = at[0] / unit;
  result.p90 = at[1] / unit;
  result.p95 = at[2] / unit;
  result.p99 = at[3] / unit;
  result.max = at[4] / unit;
  return result;
}

const std::vector<double>& statistics_shares() {
  static const std::vector<double> shares{0,    0.001, 0.01, 0.05, 0.1,   0.25, 0.5,
                                          0.75, 0.9,   0.95, 0.99, 0.999, 1.0};
  return shares;
}

Statistics statistics(std::vector<double>& values, double unit) {
  Statistics result;
  result.count = values.size();
  if (values.empty()) return result;
  result.mean = exact_mean(values, unit);
  for (const double value : quantiles(values, statistics_shares())) result.at.push_back(value / unit);
  return result;
}

std::vector<double> cumulative(std::vector<double>& values, double unit) {
  if (values.empty()) return {};
  std::vector<double> shares;
  for (int percent = 0; percent <= 100; ++percent) shares.push_back(percent / 100.0);
  std::vector<double> result = quantiles(values, shares);
  for (double& value : result) value /= unit;
  return result;
}

}  // namespace kvsim::sim
