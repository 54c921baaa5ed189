// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/batch_means.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "sim/metrics/quantiles.h"

namespace kvsim::sim {
namespace {

constexpr double kStudent95With19 = 2.093;
constexpr std::size_t kGroupOfMser = 5;

double mean_of(const std::vector<double>& values) { return exact_mean(values, 1.0); }

using Statistic = std::function<double(std::vector<double>&)>;

Interval batch_interval(const std::vector<double>& series, const Statistic& statistic) {
  const std::size_t size = series.size() / kBatches;
  std::vector<double> whole(series.end() - static_cast<std::ptrdiff_t>(size * kBatches), series.end());
  std::vector<double> results;
  for (std::size_t batch = 0; batch < kBatches; ++batch) {
    const auto begin = whole.begin() + static_cast<std::ptrdiff_t>(batch * size);
    std::vector<double> values(begin, begin + static_cast<std::ptrdiff_t>(size));
    results.push_back(statistic(values));
  }
  const double centre = mean_of(results);
  const double deviation = sample_deviation(results, centre);
  const double half = kStudent95With19 * deviation / std::sqrt(static_cast<double>(kBatches));
  const double estimate = statistic(whole);
  return {estimate - half, estimate + half};
}

std::vector<double> averaged(const std::vector<double>& series, std::size_t size) {
  std::vector<double> means;
  for (std::size_t begin = 0; begin + size <= series.size(); begin += size) {
    double sum = 0;
    for (std::size_t i = begin; i < begin + size; ++i) sum += series[i];
    means.push_back(sum / static_cast<double>(size));
  }
  return means;
}

}  // namespace

std::size_t mser5_cut(const std::vector<double>& series) {
  const std::vector<double> means = averaged(series, kGroupOfMser);
  if (means.size() < 2) return 0;
  std::size_t best = 0;
  double best_score = 0;
  double mean = 0;  // Welford, from the last value backwards
  double squares = 0;
  for (std::size_t cut = means.size(); cut-- > 0;) {
    const auto count = static_cast<double>(means.size() - cut);
    const double change = means[cut] - mean;
    mean += change / count;
    squares += change * (means[cut] - mean);
    const double score = squares / (count * count);
    const bool searched = cut <= means.size() / 2;
    const bool first = cut == means.size() / 2;
    if (searched && (first || score <= best_score)) {
      best = cut;
      best_score = score;
    }
  }
  return best * kGroupOfMser;
}

std::optional<Interval> mean_interval(const std::vector<double>& series) {
  if (series.size() < 2 * kBatches) return {};
  return batch_interval(series, [](std::vector<double>& values) { return mean_of(values); });
}

std::optional<Interval> quantile_interval(const std::vector<double>& series, double share) {
  const double beyond = static_cast<double>(series.size()) * std::min(share, 1 - share);
  if (beyond < static_cast<double>(kBatches) - 1e-6) return {};
  return batch_interval(series,
                        [share](std::vector<double>& values) { return quantiles(values, {share})[0]; });
}

Trend linear_trend(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  if (values.size() < 3) return {};
  const double middle = (count - 1) / 2;
  const double mean = mean_of(values);
  double covariance = 0;
  double spread = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = static_cast<double>(i) - middle;
    covariance += x * (values[i] - mean);
    spread += x * x;
  }
  Trend trend{covariance / spread, 0};
  double residual = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double error = values[i] - mean - trend.slope * (static_cast<double>(i) - middle);
    residual += error * error;
  }
  const double deviation = std::sqrt(residual / (count - 2) / spread);
  trend.t =
      deviation > 0 ? trend.slope / deviation : (trend.slope == 0 ? 0 : std::copysign(1e9, trend.slope));
  return trend;
}

}  // namespace kvsim::sim
