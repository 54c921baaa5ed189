// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/bootstrap.h"

#include <algorithm>
#include <cmath>

#include "base/portable_math.h"
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
  std::vector<std::size_t> units;
  for (const FittedFigure& figure : fitted.figures) units.push_back(figure.unit);
  return models::resampled_fits(parameters, outcome, units, fitted.units, resamples, random);
}

std::vector<FittedParameter> fitted_parameters(const std::vector<FitParameter>& parameters,
                                               const FitOutcome& outcome, const std::vector<Values>& draws) {
  std::vector<FittedParameter> fitted;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const FitParameter& asked = parameters[i];
    const double value = outcome.values[i], sigma = std::sqrt(outcome.covariance[i][i]);
    const double reach = portable_exp(kNinetyPercent * sigma);
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
