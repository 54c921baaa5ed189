// SPDX-License-Identifier: Apache-2.0
#include "models/step_time_facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace kvsim::models {
namespace {

constexpr std::size_t kMostSources = 3;

std::string distinct(const CoefficientMap& coefficients, std::string Coefficient::*text) {
  std::vector<std::string> found;
  for (const auto& [name, c] : coefficients) {
    if (!(c.*text).empty() && std::find(found.begin(), found.end(), c.*text) == found.end())
      found.push_back(c.*text);
  }
  const std::size_t more = found.size() - std::min(found.size(), kMostSources);
  found.resize(found.size() - more);
  return join(found, "; ") + (more > 0 ? fmt::format(" and {} more", more) : "");
}

std::string in_words(const FitError& error) {
  return fmt::format("{} {} median {:+.1f} %, median absolute {:.1f} % of {}",
                     error.held_out.empty() ? "of the fit:" : "held out " + error.held_out + ":",
                     error.metric, 100 * error.median_error, 100 * error.median_absolute_error,
                     error.figures);
}

}  // namespace

std::string_view name(StepTimeKind kind) {
  if (kind == StepTimeKind::kPrior) return "prior";
  return kind == StepTimeKind::kTable ? "table" : "calibrated";
}

StepTimeFacts facts_of_prior(const std::vector<const PerformanceProfile*>& priors) {
  StepTimeFacts facts;
  for (const PerformanceProfile* prior : priors) facts.priors.push_back(prior->name);
  return facts;
}

StepTimeFacts facts_of_profile(const PerformanceProfile& measured,
                               const std::vector<const PerformanceProfile*>& priors) {
  StepTimeFacts facts = facts_of_prior(priors);
  facts.kind = StepTimeKind::kCalibrated;
  facts.source = distinct(measured.coefficients, &Coefficient::source);
  facts.date = distinct(measured.coefficients, &Coefficient::date);
  facts.errors = measured.errors;
  facts.fitted = fitted_quantities(measured.fitted);
  return facts;
}

std::string in_words(const StepTimeFacts& calibrated) {
  std::vector<std::string> parts = {calibrated.source +
                                    (calibrated.date.empty() ? "" : " (" + calibrated.date + ")")};
  for (const FitError& error : calibrated.errors) parts.push_back(in_words(error));
  if (calibrated.errors.empty()) parts.emplace_back("no error stated");
  return join(parts, "; ");
}

}  // namespace kvsim::models
