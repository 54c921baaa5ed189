// SPDX-License-Identifier: Apache-2.0
#include "validation/baselines/interpolation.h"

#include <algorithm>

namespace kvsim::validation {

std::optional<double> interpolated(std::vector<RateValue> points, double rate) {
  if (points.size() < 2) return {};
  const auto by_rate = [](const RateValue& a, const RateValue& b) { return a.rate < b.rate; };
  std::stable_sort(points.begin(), points.end(), by_rate);
  const auto above = std::lower_bound(points.begin(), points.end(), RateValue{rate, 0}, by_rate);
  const auto upper = std::clamp<std::ptrdiff_t>(above - points.begin(), 1, std::ssize(points) - 1);
  const RateValue& right = points[static_cast<std::size_t>(upper)];
  const RateValue& left = points[static_cast<std::size_t>(upper - 1)];
  if (left.rate == right.rate) return (left.value + right.value) / 2;
  return left.value + (right.value - left.value) * (rate - left.rate) / (right.rate - left.rate);
}

std::optional<double> predict_by_interpolation(const BaselineInput& input, const MeasuredFigure& figure) {
  const OfferedLoad* own = load_of(input.loads, figure.stage);
  if (!figure.stage || own == nullptr) return {};
  std::vector<RateValue> others;
  for (const MeasuredFigure& other : input.point.figures) {
    const OfferedLoad* load = load_of(input.loads, other.stage);
    if (load != nullptr && other.stage != figure.stage && other.metric == figure.metric &&
        other.statistic == figure.statistic)
      others.push_back({load->rate, other.value});
  }
  return interpolated(std::move(others), own->rate);
}

}  // namespace kvsim::validation
