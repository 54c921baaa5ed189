// SPDX-License-Identifier: Apache-2.0
#include "models/fit_parameters.h"

#include <algorithm>

#include "base/errors.h"
#include "base/portable_math.h"
#include "base/text.h"

namespace kvsim::models {
namespace {

constexpr double kNinetyPercent = 2 * 1.645;  // standard deviations between the ends of a 90 % interval
constexpr double kFurthest = 1000;            // a value never leaves its start by more than this factor
constexpr double kMostPriorSigma = 2;
constexpr double kLeastShare = 0.005;
constexpr double kPinnedSigma = 0.15;

// Where a prior says 0, which a logarithm cannot start from: small beside anything that would show in a step.
double least_start(CoefficientUnit unit) { return unit == CoefficientUnit::kSeconds ? 1e-7 : 1; }

double least_sigma(CoefficientUnit unit) {
  if (unit == CoefficientUnit::kShare) return 0.3;
  return unit == CoefficientUnit::kSeconds ? 0.7 : 1;
}

double prior_sigma(CoefficientUnit unit, const Coefficient& prior) {
  if (prior.low <= 0 || prior.value <= 0) return kMostPriorSigma;
  return std::clamp(portable_log(prior.high / prior.low) / kNinetyPercent, least_sigma(unit),
                    kMostPriorSigma);
}

const CoefficientRow& row_of(const std::string& name) {
  if (const CoefficientRow* row = find_coefficient(name)) return *row;
  std::vector<std::string> names;
  for (const CoefficientRow& row : coefficient_table()) names.emplace_back(row.name);
  Problem problem;
  problem.path = name;
  problem.message = "no coefficient of the step-time model";
  problem.remedy = valid_names_remedy(name.substr(0, name.find('.')), names);
  throw InputError({problem});
}

std::vector<FitParameter> with_moved_priors(std::vector<FitParameter> parameters, RandomStream& random) {
  for (FitParameter& one : parameters)
    one.start = std::clamp(one.start * portable_exp(random.normal(0, one.prior_sigma)), one.low, one.high);
  return parameters;
}

}  // namespace

FitParameter fit_parameter(const std::string& name, const Coefficient& prior) {
  const CoefficientRow& row = row_of(name);
  FitParameter parameter;
  parameter.name = name;
  parameter.prior_sigma = prior_sigma(row.unit, prior);
  if (row.unit == CoefficientUnit::kShare) {
    parameter.low = kLeastShare;
    parameter.high = 1;
    parameter.start = std::clamp(prior.value, parameter.low, parameter.high);
    return parameter;
  }
  parameter.start = std::max(prior.value, least_start(row.unit));
  parameter.low = parameter.start / kFurthest;
  parameter.high = parameter.start * kFurthest;
  return parameter;
}

std::vector<FitParameter> fit_parameters(const std::vector<std::string>& names,
                                         const CoefficientChain& priors) {
  std::vector<FitParameter> parameters;
  for (const std::string& name : names) {
    row_of(name);  // refuses an unknown one in words
    parameters.push_back(fit_parameter(name, priors.coefficient(name)));
  }
  return parameters;
}

std::vector<Values> resampled_fits(const std::vector<FitParameter>& parameters, const FitOutcome& outcome,
                                   const std::vector<std::size_t>& unit_of_residual, std::size_t units,
                                   std::size_t resamples, RandomStream& random) {
  std::vector<Values> draws;
  for (std::size_t draw = 0; draw < resamples; ++draw) {
    std::vector<double> count_of_unit(units, 0);
    for (std::size_t u = 0; u < units; ++u) ++count_of_unit[random.below(units)];
    std::vector<double> counts;
    for (const std::size_t unit : unit_of_residual) counts.push_back(count_of_unit[unit]);
    draws.push_back(refit(with_moved_priors(parameters, random), outcome, counts));
  }
  return draws;
}

Identifiability identifiability(double posterior_sigma, double prior_sigma) {
  const double remaining = posterior_sigma / prior_sigma;
  if (remaining < 0.3 && posterior_sigma < kPinnedSigma) return Identifiability::kPinned;
  return remaining < 0.8 ? Identifiability::kPartly : Identifiability::kNot;
}

std::string_view name(Identifiability how) {
  if (how == Identifiability::kPinned) return "pinned";
  return how == Identifiability::kPartly ? "partly" : "not by this data";
}

}  // namespace kvsim::models
