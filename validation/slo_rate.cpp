// SPDX-License-Identifier: Apache-2.0
#include "validation/slo_rate.h"

#include <fmt/format.h>

#include <algorithm>

namespace kvsim::validation {
namespace {

double crossing(const RatePoint& meets, const RatePoint& fails, double below) {
  return meets.rate + (fails.rate - meets.rate) * (below - meets.value) / (fails.value - meets.value);
}

}  // namespace

std::optional<Bounded> rate_under(std::vector<RatePoint> points, double below) {
  if (points.empty()) return {};
  std::stable_sort(points.begin(), points.end(),
                   [](const RatePoint& a, const RatePoint& b) { return a.rate < b.rate; });
  const auto fails = std::find_if(points.begin(), points.end(),
                                  [&](const RatePoint& point) { return !(point.value < below); });
  if (fails == points.end()) return Bounded{points.back().rate, Bound::kAtLeast};
  if (fails == points.begin()) return Bounded{fails->rate, Bound::kBelow};
  return Bounded{crossing(*(fails - 1), *fails, below), Bound::kExact};
}

std::optional<Bounded> error_of_rates(const Bounded& measured, const Bounded& simulated) {
  const bool exact = measured.bound == Bound::kExact;
  if (measured.value <= 0 || (!exact && measured.bound == simulated.bound)) return {};
  const double error = simulated.value / measured.value - 1;
  if (exact) return Bounded{error, simulated.bound};
  return Bounded{error, measured.bound == Bound::kAtLeast ? Bound::kBelow : Bound::kAtLeast};
}

SloRate read_slo_rate(Fields& entry) {
  const Metric& metric = read_metric(entry);
  SloRate slo{"", std::string(metric.name), read_statistic(entry, metric), 0};
  const double bound = entry.number("below", {0, kLargestValue, true});
  const double factor = read_unit(entry, metric.quantity);
  slo.below = bound * factor;
  const std::string of = slo.statistic.empty() ? slo.metric : slo.statistic + " " + slo.metric;
  slo.name = entry.text("name", fmt::format("{} under {:g}", of, slo.below));
  entry.finish();
  return slo;
}

bool of_slo(const MeasuredFigure& figure, const SloRate& slo) {
  return figure.stage && figure.metric == slo.metric && figure.statistic == slo.statistic;
}

}  // namespace kvsim::validation
