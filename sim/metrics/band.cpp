// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/band.h"

#include <algorithm>

namespace kvsim::sim {
namespace {

constexpr double kInterval = 0.9;

double at_share(const std::vector<double>& sorted, double share) {
  const double last = static_cast<double>(sorted.size() - 1);
  const double position = std::clamp(share * (last + 2) - 1, 0.0, last);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

double band_interval(std::uint64_t draws) {
  if (draws == 0) return kNotANumber;
  const double n = static_cast<double>(draws);
  return std::min(kInterval, (n - 1) / (n + 1));
}

Band band_of(const std::string& metric, std::optional<double> value, std::vector<double> draws) {
  Band band;
  band.metric = metric;
  band.value = value.value_or(kNotANumber);
  band.draws = draws.size();
  if (draws.empty()) return band;
  std::sort(draws.begin(), draws.end());
  band.low = at_share(draws, (1 - kInterval) / 2);
  band.median = at_share(draws, 0.5);
  band.high = at_share(draws, (1 + kInterval) / 2);
  return band;
}

}  // namespace kvsim::sim
