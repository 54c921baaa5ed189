// SPDX-License-Identifier: Apache-2.0
#include "validation/compared.h"

#include <cmath>

#include "sim/metrics/quantiles.h"

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

std::optional<double> ComparedFigure::error() const { return error_of(simulated); }

std::optional<double> ComparedFigure::error_of(std::optional<double> value) const {
  return relative_error(measured.value, value);
}

std::optional<bool> ComparedFigure::within_noise() const {
  if (measured.noise <= 0 || !error()) return {};
  return std::abs(*error()) <= measured.noise;
}

Judgement ComparedFigure::judgement() const { return judge(error(), measured.tolerance); }

double ComparedSeries::mean_absolute_difference() const {
  double sum = 0;
  for (std::size_t i = 0; i < simulated.size(); ++i) sum += std::abs(simulated[i] - measured.values[i]);
  return sum / static_cast<double>(simulated.size());
}

std::optional<double> ComparedSeries::relative_difference() const {
  double sum = 0;
  for (const double value : measured.values) sum += value;
  if (sum <= 0) return {};
  return mean_absolute_difference() * static_cast<double>(measured.values.size()) / sum;
}

std::vector<double> ComparedRequests::errors() const {
  std::vector<double> errors;
  for (std::size_t i = 0; i < simulated.size(); ++i)
    if (const auto error = relative_error(measured.values[i].seconds, simulated[i])) errors.push_back(*error);
  return errors;
}

std::optional<SizesOfErrors> sizes_of(std::vector<double> errors) {
  if (errors.empty()) return {};
  std::vector<double> sizes = errors;
  for (double& size : sizes) size = std::abs(size);
  const std::vector<double> at = sim::quantiles(sizes, {0.5, 0.9});
  return SizesOfErrors{sim::quantiles(errors, {0.5}).front(), at[0], at[1]};
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
