// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/calibrate.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "validation/calibration/bootstrap.h"
#include "validation/calibration/fit_errors.h"
#include "validation/calibration/held_out.h"

namespace kvsim::validation {
namespace {

using models::Values;

constexpr std::size_t kDraws = 40;  // kept in the profile

std::string joined_sources(const std::vector<Case>& cases, std::string SourceOf::*part) {
  std::set<std::string> texts;
  for (const Case& one : cases) texts.insert(one.source.*part);
  return join({texts.begin(), texts.end()}, "; ");
}

void describe_coefficients(models::PerformanceProfile& profile, const ServingFit& fit,
                           const std::vector<FittedParameter>& parameters) {
  const CalibrationSettings& settings = fit.settings();
  const std::string source =
      settings.source.empty() ? joined_sources(fit.cases(), &SourceOf::title) : settings.source;
  const std::string date =
      settings.date.empty() ? joined_sources(fit.cases(), &SourceOf::date) : settings.date;
  for (const FittedParameter& one : parameters)
    if (const auto found = profile.coefficients.find(one.name); found != profile.coefficients.end())
      found->second = {one.value, one.low, one.high, source, date};
}

std::vector<std::map<std::string, double, std::less<>>> coefficient_draws(
    const std::vector<models::FitParameter>& parameters, const std::vector<Values>& draws) {
  std::vector<std::map<std::string, double, std::less<>>> kept(std::min(kDraws, draws.size()));
  for (std::size_t d = 0; d < kept.size(); ++d)
    for (std::size_t i = 0; i < parameters.size(); ++i)
      if (!is_fleet_setting(parameters[i].name)) kept[d][parameters[i].name] = draws[d][i];
  return kept;
}

// What the engines were asked for: the step's limit, and contexts from a cached prompt's to a whole
// request's.
models::FittedRanges ranges_of(const ServingFit& fit) {
  const std::vector<OfferedLengths>& workloads = fit.fitted().workloads;
  models::FittedRanges ranges;
  ranges.step_tokens = {1, fit.subject().max_step_tokens};
  ranges.context_tokens = {workloads.front().prompt_tokens, 0};
  for (const OfferedLengths& one : workloads) {
    ranges.context_tokens.low = std::min(ranges.context_tokens.low, one.prompt_tokens);
    ranges.context_tokens.high = std::max(ranges.context_tokens.high, one.prompt_tokens + one.output_tokens);
  }
  return ranges;
}

models::PerformanceProfile profile_of(const ServingFit& fit, const Calibration& result, const Values& values,
                                      const std::vector<Values>& draws) {
  models::PerformanceProfile profile =
      with_values(blank_profile(fit.subject(), fit.settings()), fit.parameters(), values);
  describe_coefficients(profile, fit, result.parameters);
  profile.draws = coefficient_draws(fit.parameters(), draws);
  profile.fitted = ranges_of(fit);
  profile.errors = fit_errors(result);
  models::check_profile(profile);
  return profile;
}

}  // namespace

Calibration calibrate(const CalibrationSettings& settings, const sim::FleetInputs& inputs,
                      const Progress& progress) {
  ServingFit fit(settings, inputs, progress);
  const models::FitOutcome outcome = fit.fit_all();
  const std::vector<Values> draws = bootstrap(fit.fitted(), fit.parameters(), outcome, settings.bootstraps);
  Calibration result;
  result.subject = fit.subject();
  for (const Case& one : fit.cases()) result.cases.push_back(one.name);
  result.parameters = fitted_parameters(fit.parameters(), outcome, draws);
  result.figures = fit.beside(outcome.values);
  for (const HoldOut by : settings.hold_outs) result.held_out.push_back(hold_out(fit, outcome, by));
  result.profile = profile_of(fit, result, outcome.values, draws);
  result.rounds = outcome.rounds;
  result.converged = outcome.converged;
  return result;
}

}  // namespace kvsim::validation
