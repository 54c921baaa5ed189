// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/fit_errors.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/metrics/quantiles.h"

namespace kvsim::validation {
namespace {

constexpr const char* kTtft = "ttft_seconds";

models::FitError error_of(const std::string& metric, const std::string& held_out,
                          const std::vector<double>& errors) {
  std::vector<double> sizes;
  for (const double error : errors) sizes.push_back(std::abs(error));
  return {metric, held_out, errors.size(), sim::median(errors), sim::median(std::move(sizes))};
}

}  // namespace

std::vector<models::FitError> fit_errors(const std::vector<CompareFit>& figures,
                                         const std::string& held_out) {
  std::map<std::string, std::vector<double>> by_metric;
  std::vector<double> kept_up;
  bool any_saturated = false;
  for (const CompareFit& one : figures) {
    if (!one.simulated) continue;
    const MeasuredFigure& measured = one.figure.measured;
    const double error = *one.simulated / measured.value - 1;
    by_metric[measured.metric].push_back(error);
    any_saturated |= one.figure.saturated.value_or(false);
    if (measured.metric == kTtft && one.figure.saturated == false) kept_up.push_back(error);
  }
  std::vector<models::FitError> rows;
  for (const auto& [metric, errors] : by_metric) {
    rows.push_back(error_of(metric, held_out, errors));
    if (metric == kTtft && any_saturated && !kept_up.empty())
      rows.push_back(error_of(metric + " (not saturated)", held_out, kept_up));
  }
  return rows;
}

std::vector<models::FitError> fit_errors(const Calibration& calibration) {
  std::vector<models::FitError> all = fit_errors(calibration.figures, "");
  for (const HeldOut& held : calibration.held_out)
    for (models::FitError& error : fit_errors(held.predicted, name(held.by))) all.push_back(std::move(error));
  return all;
}

}  // namespace kvsim::validation
