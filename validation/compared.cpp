// SPDX-License-Identifier: Apache-2.0
#include "validation/compared.h"

#include <cmath>

namespace kvsim::validation {
namespace {

std::optional<double> relative_error(double measured, std::optional<double> simulated) {
  if (!simulated || measured == 0) return {};
  return (*simulated - measured) / measured;
}

Judgement judge(std::optional<double> error, std::optional<double> tolerance) {
  if (!error || !tolerance) return Judgement::kShown;
  return std::abs(*error) <= *tolerance ? Judgement::kWithin : Judgement::kOutside;
}

}  // namespace

std::optional<double> ComparedFigure::error() const { return relative_error(measured.value, simulated); }

Judgement ComparedFigure::judgement() const { return judge(error(), measured.tolerance); }

double ComparedSeries::mean_absolute_difference() const {
  double sum = 0;
  for (std::size_t i = 0; i < simulated.size(); ++i) sum += std::abs(simulated[i] - measured.values[i]);
  return sum / static_cast<double>(simulated.size());
}

std::optional<double> ComparedCurve::error(std::size_t i) const {
  const double y = measured.values[i].y;
  if (!measured.absolute) return relative_error(y, simulated[i]);
  return simulated[i] ? std::optional(*simulated[i] - y) : std::nullopt;
}

Judgement ComparedCurve::judgement(std::size_t i) const {
  const double x = measured.values[i].x;
  if (x < measured.judged_from || x > measured.judged_to) return Judgement::kShown;
  return judge(error(i), measured.tolerance);
}

}  // namespace kvsim::validation
