// SPDX-License-Identifier: Apache-2.0
// Bounded, robust, regularised nonlinear least squares for fits of a few parameters to noisy figures
// (Levenberg-Marquardt with finite differences; Nocedal and Wright, Numerical Optimization, ch. 10; robust
// loss by iteratively reweighted squares, Huber 1964). Each parameter moves on a logarithmic scale, so that
// it stays positive and a step means the same share anywhere.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace kvsim::models {

struct FitParameter {
  std::string name;
  double start = 0;        // > 0, within the bounds
  double low = 0;          // > 0: never below
  double high = 0;         // never above
  double prior_sigma = 0;  // of the natural logarithm around `prior`; 0: no prior
  double step = 0.02;      // of the finite difference, in the logarithm
  double prior = 0;        // centre of the prior; 0: the start
};

using Values = std::vector<double>;
// Residuals of each point, already over their noise: (model - measured) / sigma. All answers have one size.
// Called with many points at once, so that they may be evaluated side by side.
using ResidualFunction = std::function<std::vector<Values>(const std::vector<Values>& points)>;

struct FitOptions {
  double huber = 2.0;  // residuals beyond this many sigma count linearly
  std::size_t max_rounds = 20;
  double tolerance = 1e-4;  // ends when no parameter moves by more, in the logarithm
};

struct FitOutcome {
  Values values;                   // by parameter
  Values residuals;                // at `values`, without those of the priors
  std::vector<Values> jacobian;    // [residual][parameter], by the logarithm
  std::vector<double> weights;     // of each residual in the last round, 1 or less
  std::vector<Values> covariance;  // of the logarithms, priors included
  double loss = 0;                 // robust, priors included
  std::size_t rounds = 0;
  bool converged = false;
};

// InvalidArgument (std::invalid_argument) where a start is out of its bounds or there is no residual.
FitOutcome least_squares(const std::vector<FitParameter>& parameters, const ResidualFunction& residuals,
                         const FitOptions& options = {});

// The outcome's linearised solution for residuals counted `counts[i]` times each (a bootstrap resample, or 0
// for one held out), within the bounds: no evaluation. Residuals that belong together share a count.
Values refit(const std::vector<FitParameter>& parameters, const FitOutcome& outcome,
             const std::vector<double>& counts);

}  // namespace kvsim::models
