// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/bootstrap.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "sim/metrics/quantiles.h"

namespace kvsim::validation {
namespace {

constexpr double kNinetyPercent = 1.645;  // standard deviations from the middle to either end of 90 %

}  // namespace

using models::FitOutcome;
using models::FitParameter;
using models::Values;

std::vector<Values> bootstrap(const FittedFigures& fitted, const std::vector<FitParameter>& parameters,
                              const FitOutcome& outcome, std::size_t resamples) {
  RandomStream random(1, "calibration/bootstrap");
  std::vector<Values> draws;
  for (std::size_t b = 0; b < resamples; ++b) {
    std::vector<double> count_of_unit(fitted.units, 0);
    for (std::size_t u = 0; u < fitted.units; ++u) ++count_of_unit[random.below(fitted.units)];
    std::vector<double> counts;
    for (const FittedFigure& figure : fitted.figures) counts.push_back(count_of_unit[figure.unit]);
    draws.push_back(models::refit(models::with_moved_priors(parameters, random), outcome, counts));
  }
  return draws;
}

std::vector<FittedParameter> fitted_parameters(const std::vector<FitParameter>& parameters,
                                               const FitOutcome& outcome, const std::vector<Values>& draws) {
  std::vector<FittedParameter> fitted;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const FitParameter& asked = parameters[i];
    const double value = outcome.values[i], sigma = std::sqrt(outcome.covariance[i][i]);
    const double reach = std::exp(kNinetyPercent * sigma);
    std::vector<double> values{value};  // the fit is one of its draws
    for (const Values& draw : draws) values.push_back(draw[i]);
    const std::vector<double> ends = sim::quantiles(values, {0.05, 0.95});
    fitted.push_back({asked.name, asked.start, value, std::max(asked.low, std::min(value / reach, ends[0])),
                      std::min(asked.high, std::max(value * reach, ends[1])), sigma / asked.prior_sigma,
                      models::identifiability(sigma, asked.prior_sigma)});
  }
  return fitted;
}

}  // namespace kvsim::validation
