// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/serving_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/portable_math.h"

namespace kvsim::validation {
namespace {

using models::FitOutcome;
using models::FitParameter;
using models::Values;

constexpr double kHuber = 2;
constexpr double kTolerance = 0.01;  // of the logarithm: far below what runs of 20 to 60 s can tell

std::vector<Case> load_cases(const CalibrationSettings& settings, const sim::FleetInputs& inputs) {
  std::vector<Case> cases;
  for (const std::string& path : settings.cases) cases.push_back(load_case(path, inputs));
  return cases;
}

// Relative variance of a measured figure about the mean of simulated ones, all of them draws alike.
double chance_of(const BySeed& values) {
  double sum = 0, squares = 0, count = 0;
  for (const std::optional<double>& value : values) {
    if (!value || !(*value > 0)) continue;
    const double logarithm = portable_log(*value);
    sum += logarithm;
    squares += logarithm * logarithm;
    ++count;
  }
  if (count < 2) return 0;
  const double variance = std::max(0.0, (squares - sum * sum / count) / (count - 1));
  return variance * (1 + 1 / count);
}

CalibrationSettings of_other_stages(const CalibrationSettings& settings, const std::vector<Case>& cases) {
  CalibrationSettings others = settings;
  others.stages.clear();
  for (const Case& one : cases)
    for (const Point& point : one.points)
      for (const MeasuredFigure& figure : point.figures)
        if (figure.stage && !settings.stages.contains(*figure.stage)) others.stages.insert(*figure.stage);
  if (settings.stages.empty() || others.stages.empty())
    throw UsageError("--hold-out other-stages: give with --stage some of the stages, and not all");
  return others;
}

std::vector<CompareFit> compared(Evaluator& evaluator, const std::vector<FittedFigure>& figures,
                                 const Values& values) {
  const auto answers = evaluator.at({values}).front();
  std::vector<CompareFit> beside;
  for (std::size_t i = 0; i < answers.size(); ++i) beside.push_back({figures[i], mean_of(answers[i])});
  return beside;
}

}  // namespace

ServingFit::ServingFit(const CalibrationSettings& settings, const sim::FleetInputs& inputs,
                       const Progress& progress)
    : settings_(settings),
      inputs_(inputs),
      cases_(load_cases(settings, inputs)),
      subject_(subject_of(cases_)),
      parameters_(fit_parameters(settings, subject_, inputs.profiles)),
      fitted_(fitted_figures(cases_, settings)),
      progress_([this, &progress](double share, const std::string& what) {
        if (progress) progress(share, fmt::format("{}: {}", doing_, what));
      }),
      evaluator_(settings, inputs, cases_, subject_, parameters_, fitted_.figures, progress_) {}

FitOutcome ServingFit::fit_all() {
  const std::vector<bool> all(fitted_.figures.size(), true);
  const FitOutcome first = fit(all, starts(), "first fit");
  add_chance(first.values);
  return fit(all, first.values, "fit");
}

FitOutcome ServingFit::fit(const std::vector<bool>& chosen, const Values& from, const std::string& what) {
  doing_ = what;
  std::vector<FitParameter> parameters = parameters_;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    parameters[i].prior = parameters_[i].start;
    parameters[i].start = from[i];
  }
  models::FitOptions options;
  options.huber = kHuber;
  options.max_rounds = settings_.rounds;
  options.tolerance = kTolerance;
  return models::least_squares(
      parameters, [&](const std::vector<Values>& points) { return evaluator_.residuals(points, chosen); },
      options);
}

void ServingFit::add_chance(const Values& values) {
  const auto answers = evaluator_.at({values}).front();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    double& noise = fitted_.figures[i].noise;
    noise = std::sqrt(noise * noise + chance_of(answers[i]));
  }
}

std::vector<CompareFit> ServingFit::beside(const Values& values) {
  return compared(evaluator_, fitted_.figures, values);
}

std::vector<CompareFit> ServingFit::other_stages(const Values& values) {
  doing_ = "other stages";
  const CalibrationSettings others = of_other_stages(settings_, cases_);
  const std::vector<FittedFigure> figures = fitted_figures(cases_, others).figures;
  Evaluator evaluator(settings_, inputs_, cases_, subject_, parameters_, figures, progress_);
  return compared(evaluator, figures, values);
}

Values ServingFit::starts() const {
  Values values;
  for (const FitParameter& parameter : parameters_) values.push_back(parameter.start);
  return values;
}

}  // namespace kvsim::validation
