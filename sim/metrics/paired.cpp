// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/paired.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/metrics/student.h"

namespace kvsim::sim {
namespace {

void add_interval(PairedDifference& result, const std::vector<double>& differences) {
  const double error =
      sample_deviation(differences, result.difference) / std::sqrt(static_cast<double>(result.pairs));
  const double half = student_limit(1 - kPairedLevel, result.pairs - 1) * error;
  result.interval = {result.difference - half, result.difference + half};
  if (error > 0)
    result.chance = student_beyond(result.difference / error, result.pairs - 1);
  else
    result.chance = result.difference == 0 ? 1 : 0;
}

}  // namespace

PairedDifference paired_difference(const std::vector<double>& a, const std::vector<double>& b) {
  PairedDifference result;
  result.pairs = a.size();
  if (a.empty()) return result;
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.size(); ++i) differences.push_back(b[i] - a[i]);
  result.a = sample_mean(a);
  result.b = sample_mean(b);
  result.difference = sample_mean(differences);
  if (result.pairs > 1) add_interval(result, differences);
  return result;
}

std::vector<double> holm_adjusted(const std::vector<double>& chances) {
  std::vector<std::size_t> order(chances.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t left, std::size_t right) { return chances[left] < chances[right]; });
  std::vector<double> adjusted(chances.size());
  double most = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    most = std::max(most, static_cast<double>(order.size() - rank) * chances[order[rank]]);
    adjusted[order[rank]] = std::min(1.0, most);
  }
  return adjusted;
}

}  // namespace kvsim::sim
