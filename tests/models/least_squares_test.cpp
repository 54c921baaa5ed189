// SPDX-License-Identifier: Apache-2.0
#include "models/least_squares.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "base/random.h"

namespace kvsim::models {
namespace {

using testing::DoubleNear;

// y = a x + b at x = 1 .. 8, sigma 0.01 of y.
ResidualFunction line(const Values& measured) {
  return [measured](const std::vector<Values>& points) {
    std::vector<Values> answers;
    for (const Values& point : points) {
      answers.emplace_back();
      for (std::size_t i = 0; i < measured.size(); ++i) {
        const double y = point[0] * static_cast<double>(i + 1) + point[1];
        answers.back().push_back((y - measured[i]) / (0.01 * measured[i]));
      }
    }
    return answers;
  };
}

Values on_line(double a, double b) {
  Values values;
  for (int x = 1; x <= 8; ++x) values.push_back(a * x + b);
  return values;
}

std::vector<FitParameter> slope_and_offset() { return {{"a", 1, 1e-3, 1e3}, {"b", 1, 1e-3, 1e3}}; }

TEST(LeastSquares, FindsTheLineThatTheFiguresLieOn) {
  const FitOutcome outcome = least_squares(slope_and_offset(), line(on_line(3, 20)));
  EXPECT_TRUE(outcome.converged);
  EXPECT_NEAR(outcome.values[0], 3, 0.003);
  EXPECT_NEAR(outcome.values[1], 20, 0.02);
}

// Noise as large as told: the true slope lies within two standard deviations of the covariance in about 95 of
// 100.
TEST(LeastSquares, CovarianceTellsHowFarTheFitMayBeOff) {
  int within = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    RandomStream random(seed, "least squares");
    Values measured = on_line(3, 20);
    for (double& value : measured) {
      double normal = -6;  // Irwin and Hall: twelve uniform draws less six have variance 1
      for (int i = 0; i < 12; ++i) normal += random.uniform();
      value *= 1 + 0.01 * normal;
    }
    const FitOutcome outcome = least_squares(slope_and_offset(), line(measured));
    within += std::abs(std::log(outcome.values[0] / 3)) <= 2 * std::sqrt(outcome.covariance[0][0]);
  }
  EXPECT_GE(within, 85);
  EXPECT_LE(within, 100);
}

TEST(LeastSquares, OneWildFigureMovesTheFitLittle) {
  Values measured = on_line(3, 20);
  measured[7] *= 2;
  const FitOutcome outcome = least_squares(slope_and_offset(), line(measured));
  EXPECT_NEAR(outcome.values[0], 3, 0.15);
}

TEST(LeastSquares, StaysWithinItsBounds) {
  std::vector<FitParameter> parameters = slope_and_offset();
  parameters[0].high = 2;
  const FitOutcome outcome = least_squares(parameters, line(on_line(3, 20)));
  EXPECT_LE(outcome.values[0], 2);
  EXPECT_NEAR(outcome.values[0], 2, 1e-9);
  EXPECT_GT(outcome.values[1], 20);
}

// One figure y = a b pins the product only; equal priors share the way: from a = b = 1 to y = 4 both go to 2.
TEST(LeastSquares, PriorsDecideWhatTheDataLeavesOpen) {
  std::vector<FitParameter> parameters = slope_and_offset();
  for (FitParameter& parameter : parameters) parameter.prior_sigma = 1;
  const FitOutcome outcome = least_squares(parameters, [](const std::vector<Values>& points) {
    std::vector<Values> answers;
    for (const Values& point : points) answers.push_back({std::log(point[0] * point[1] / 4) / 1e-3});
    return answers;
  });
  EXPECT_NEAR(outcome.values[0], 2, 0.01);
  EXPECT_NEAR(outcome.values[1], 2, 0.01);
  EXPECT_THAT(outcome.covariance[0][0], DoubleNear(0.5, 0.01));  // half of the prior's variance is left
}

TEST(LeastSquares, RefitWithoutAFigureIsTheFitOfTheOthers) {
  Values measured = on_line(3, 20);
  measured[0] *= 1.015;
  const FitOutcome all = least_squares(slope_and_offset(), line(measured));
  std::vector<double> counts(8, 1);
  counts[0] = 0;
  const Values without = refit(slope_and_offset(), all, counts);
  EXPECT_NEAR(without[0], 3, 0.003);
  EXPECT_NEAR(without[1], 20, 0.02);
}

TEST(LeastSquares, RefusesAStartOutOfBoundsAndNothingToFit) {
  EXPECT_THROW(least_squares({{"a", 2, 0.1, 1}}, line(on_line(1, 1))), std::invalid_argument);
  EXPECT_THROW(least_squares({}, line(on_line(1, 1))), std::invalid_argument);
  EXPECT_THROW(least_squares(slope_and_offset(), line({})), std::invalid_argument);
}

}  // namespace
}  // namespace kvsim::models
