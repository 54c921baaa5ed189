// SPDX-License-Identifier: Apache-2.0
#include "models/least_squares.h"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/portable_math.h"

namespace kvsim::models {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kDampings[] = {0, 1e-2, 1e-1, 1, 10};  // of the trial steps of one round
constexpr double kLongestMove = 0.7;                    // of a parameter in one round, in the logarithm

VectorXd vector_of(const Values& values) {
  return Eigen::Map<const VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

Values values_of(const VectorXd& vector) { return Values(vector.data(), vector.data() + vector.size()); }

// The parameters as logarithms, with bounds and priors.
struct Space {
  VectorXd start, prior, low, high, precision, step;  // precision: 1 / prior sigma^2

  explicit Space(const std::vector<FitParameter>& parameters) {
    const auto count = static_cast<Eigen::Index>(parameters.size());
    for (VectorXd* vector : {&start, &prior, &low, &high, &precision, &step}) vector->resize(count);
    for (Eigen::Index i = 0; i < count; ++i) {
      const FitParameter& one = parameters[static_cast<std::size_t>(i)];
      if (!(one.low > 0 && one.low <= one.start && one.start <= one.high && one.step > 0))
        throw std::invalid_argument(fmt::format("fit: {} starts at {}, out of its bounds {} to {}", one.name,
                                                one.start, one.low, one.high));
      start(i) = portable_log(one.start);
      prior(i) = one.prior > 0 ? portable_log(one.prior) : start(i);
      low(i) = portable_log(one.low);
      high(i) = portable_log(one.high);
      precision(i) = one.prior_sigma > 0 ? 1 / (one.prior_sigma * one.prior_sigma) : 0;
      step(i) = one.step;
    }
  }
  VectorXd within(const VectorXd& point) const { return point.cwiseMax(low).cwiseMin(high); }
  Values natural(const VectorXd& point) const {
    Values values = values_of(point.unaryExpr(&portable_exp));
    const Values lows = values_of(low.unaryExpr(&portable_exp)),
                 highs = values_of(high.unaryExpr(&portable_exp));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::clamp(values[i], lows[i], highs[i]);
    return values;
  }
};

double huber_loss(const VectorXd& residuals, double huber) {
  double loss = 0;
  for (const double r : residuals) {
    const double size = std::abs(r);
    loss += size <= huber ? size * size / 2 : huber * (size - huber / 2);
  }
  return loss;
}

VectorXd huber_weights(const VectorXd& residuals, double huber) {
  return residuals.unaryExpr([huber](double r) { return std::abs(r) <= huber ? 1.0 : huber / std::abs(r); });
}

double total_loss(const Space& space, const VectorXd& point, const VectorXd& residuals, double huber) {
  const VectorXd away = point - space.prior;
  return huber_loss(residuals, huber) + away.dot(space.precision.cwiseProduct(away)) / 2;
}

// Minimum of the weighted linearised problem around `point`, moves beyond a bound cut there one after
// another: a parameter that would leave is held at its bound and the others are solved again.
VectorXd bounded_move(const Space& space, const VectorXd& point, const VectorXd& residuals,
                      const MatrixXd& jacobian, const VectorXd& weights, double damping) {
  const MatrixXd weighted = weights.asDiagonal() * jacobian;
  MatrixXd normal = jacobian.transpose() * weighted;
  VectorXd gradient = weighted.transpose() * residuals;
  normal.diagonal() += space.precision;
  gradient += space.precision.cwiseProduct(point - space.prior);
  normal.diagonal() *= 1 + damping;
  normal.diagonal().array() += 1e-12;
  VectorXd move = VectorXd::Zero(point.size());
  std::vector<bool> held(static_cast<std::size_t>(point.size()), false);
  for (Eigen::Index round = 0; round <= point.size(); ++round) {
    MatrixXd matrix = normal;
    VectorXd right = -gradient;
    for (Eigen::Index i = 0; i < point.size(); ++i) {
      if (!held[static_cast<std::size_t>(i)]) continue;
      right -= normal.col(i) * move(i);
      matrix.row(i).setZero();
      matrix.col(i).setZero();
      matrix(i, i) = 1;
    }
    for (Eigen::Index i = 0; i < point.size(); ++i)
      if (held[static_cast<std::size_t>(i)]) right(i) = move(i);
    move = matrix.ldlt().solve(right);
    bool left = false;
    for (Eigen::Index i = 0; i < point.size(); ++i) {
      const double bounded = std::clamp(point(i) + move(i), space.low(i), space.high(i)) - point(i);
      if (held[static_cast<std::size_t>(i)] || std::abs(bounded - move(i)) < 1e-15) continue;
      held[static_cast<std::size_t>(i)] = true;
      move(i) = bounded;
      left = true;
    }
    if (!left) break;
  }
  return move;
}

class Fit {
 public:
  Fit(const std::vector<FitParameter>& parameters, const ResidualFunction& function,
      const FitOptions& options)
      : space_(parameters), function_(function), options_(options), point_(space_.start) {
    residuals_ = evaluate({point_}).front();
    if (residuals_.size() == 0) throw std::invalid_argument("fit: no residual to make small");
    loss_ = total_loss(space_, point_, residuals_, options_.huber);
  }

  FitOutcome run() {
    FitOutcome outcome;
    while (outcome.rounds < options_.max_rounds && !outcome.converged) {
      ++outcome.rounds;
      differentiate();
      outcome.converged = advance() < options_.tolerance;
    }
    if (!outcome.converged || outcome.rounds == 0) differentiate();
    return finish(std::move(outcome));
  }

 private:
  std::vector<VectorXd> evaluate(const std::vector<VectorXd>& points) const {
    std::vector<Values> natural;
    for (const VectorXd& point : points) natural.push_back(space_.natural(point));
    std::vector<VectorXd> answers;
    for (const Values& values : function_(natural)) answers.push_back(vector_of(values));
    return answers;
  }

  // One-sided, away from a bound that is near.
  void differentiate() {
    std::vector<VectorXd> points;
    for (Eigen::Index i = 0; i < point_.size(); ++i) {
      VectorXd moved = point_;
      const bool up = point_(i) + space_.step(i) <= space_.high(i);
      moved(i) += up ? space_.step(i) : -space_.step(i);
      points.push_back(space_.within(moved));
    }
    const std::vector<VectorXd> answers = evaluate(points);
    jacobian_.resize(residuals_.size(), point_.size());
    for (Eigen::Index i = 0; i < point_.size(); ++i) {
      const auto at = static_cast<std::size_t>(i);
      const double moved = points[at](i) - point_(i);
      if (moved == 0)
        jacobian_.col(i).setZero();
      else
        jacobian_.col(i) = (answers[at] - residuals_) / moved;
    }
  }

  // Tries steps of several dampings side by side and takes the best; returns how far it went.
  double advance() {
    const VectorXd weights = huber_weights(residuals_, options_.huber);
    std::vector<VectorXd> trials;
    for (const double damping : kDampings) {
      VectorXd move = bounded_move(space_, point_, residuals_, jacobian_, weights, damping);
      const double longest = move.cwiseAbs().maxCoeff();
      if (longest > kLongestMove) move *= kLongestMove / longest;
      trials.push_back(space_.within(point_ + move));
    }
    const std::vector<VectorXd> answers = evaluate(trials);
    const VectorXd before = point_;
    for (std::size_t i = 0; i < trials.size(); ++i) {
      const double loss = total_loss(space_, trials[i], answers[i], options_.huber);
      if (!(loss < loss_)) continue;
      loss_ = loss;
      point_ = trials[i];
      residuals_ = answers[i];
    }
    return (point_ - before).cwiseAbs().maxCoeff();
  }

  FitOutcome finish(FitOutcome outcome) const {
    const VectorXd weights = huber_weights(residuals_, options_.huber);
    MatrixXd information = jacobian_.transpose() * weights.asDiagonal() * jacobian_;
    information.diagonal() += space_.precision;
    information.diagonal().array() += 1e-12;
    const MatrixXd covariance = information.ldlt().solve(MatrixXd::Identity(point_.size(), point_.size()));
    outcome.values = space_.natural(point_);
    outcome.residuals = values_of(residuals_);
    outcome.weights = values_of(weights);
    for (Eigen::Index i = 0; i < residuals_.size(); ++i)
      outcome.jacobian.push_back(values_of(jacobian_.row(i).transpose()));
    for (Eigen::Index i = 0; i < point_.size(); ++i)
      outcome.covariance.push_back(values_of(covariance.row(i).transpose()));
    outcome.loss = loss_;
    return outcome;
  }

  Space space_;
  const ResidualFunction& function_;
  FitOptions options_;
  VectorXd point_, residuals_;
  MatrixXd jacobian_;
  double loss_ = std::numeric_limits<double>::infinity();
};

}  // namespace

FitOutcome least_squares(const std::vector<FitParameter>& parameters, const ResidualFunction& residuals,
                         const FitOptions& options) {
  if (parameters.empty()) throw std::invalid_argument("fit: no parameter to move");
  return Fit(parameters, residuals, options).run();
}

Values refit(const std::vector<FitParameter>& parameters, const FitOutcome& outcome,
             const std::vector<double>& counts) {
  const Space space(parameters);
  const VectorXd point = space.within(vector_of(outcome.values).unaryExpr(&portable_log));
  MatrixXd jacobian(static_cast<Eigen::Index>(outcome.residuals.size()), point.size());
  for (Eigen::Index i = 0; i < jacobian.rows(); ++i)
    jacobian.row(i) = vector_of(outcome.jacobian[static_cast<std::size_t>(i)]).transpose();
  const VectorXd weights = vector_of(outcome.weights).cwiseProduct(vector_of(counts));
  const VectorXd move = bounded_move(space, point, vector_of(outcome.residuals), jacobian, weights, 0);
  return space.natural(space.within(point + move));
}

}  // namespace kvsim::models
