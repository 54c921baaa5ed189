// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/random.h"
#include "base/text.h"
#include "validation/calibration/evaluator.h"

namespace kvsim::validation {
namespace {

using models::FitOutcome;
using models::FitParameter;
using models::Values;

constexpr double kHuber = 2;
constexpr double kTolerance = 0.01;  // of the logarithm: far below what runs of 20 to 60 s can tell
constexpr std::size_t kDraws = 40;   // kept in the profile

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double rank = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (rank - static_cast<double>(below)) * (values[above] - values[below]);
}

std::vector<Case> load_cases(const CalibrationSettings& settings, const sim::FleetInputs& inputs) {
  std::vector<Case> cases;
  for (const std::string& path : settings.cases) cases.push_back(load_case(path, inputs));
  return cases;
}

std::string joined_sources(const std::vector<Case>& cases, std::string SourceOf::*part) {
  std::set<std::string> texts;
  for (const Case& one : cases) texts.insert(one.source.*part);
  return join({texts.begin(), texts.end()}, "; ");
}

// For the figures that a fit of some stages has not seen.
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

class Calibrator {
 public:
  Calibrator(const CalibrationSettings& settings, const sim::FleetInputs& inputs, const Progress& progress)
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

  Calibration run() {
    std::vector<bool> all(fitted_.figures.size(), true);
    doing_ = "first fit";
    outcome_ = fit(all, starts());
    add_chance(outcome_.values);
    doing_ = "fit";
    outcome_ = fit(all, outcome_.values);
    draws_ = bootstrap();
    Calibration result;
    result.subject = subject_;
    for (const Case& one : cases_) result.cases.push_back(one.name);
    result.parameters = fitted_parameters();
    result.figures = beside(outcome_.values);
    for (const HoldOut by : settings_.hold_outs) result.held_out.push_back(hold_out(by));
    result.profile = profile(result);
    result.rounds = outcome_.rounds;
    result.converged = outcome_.converged;
    return result;
  }

 private:
  Values starts() const {
    Values values;
    for (const FitParameter& parameter : parameters_) values.push_back(parameter.start);
    return values;
  }

  FitOutcome fit(const std::vector<bool>& chosen, const Values& from) {
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

  // What was measured is one draw of arrivals and of the router's choices, what is simulated the mean of a
  // few: the spread over seeds is noise too.
  void add_chance(const Values& values) {
    const auto answers = evaluator_.at({values}).front();
    for (std::size_t i = 0; i < answers.size(); ++i) {
      double sum = 0, squares = 0, count = 0;
      for (const std::optional<double>& value : answers[i]) {
        if (!value || !(*value > 0)) continue;
        const double logarithm = std::log(*value);
        sum += logarithm;
        squares += logarithm * logarithm;
        ++count;
      }
      if (count < 2) continue;
      const double variance = std::max(0.0, (squares - sum * sum / count) / (count - 1));
      double& noise = fitted_.figures[i].noise;
      noise = std::sqrt(noise * noise + variance * (1 + 1 / count));
    }
  }

  // Fits of resampled stages, each linearised around the fit of all.
  std::vector<Values> bootstrap() const {
    std::vector<FitParameter> parameters = parameters_;
    RandomStream random(1, "calibration/bootstrap");
    std::vector<Values> draws;
    for (std::size_t b = 0; b < settings_.bootstraps; ++b) {
      std::vector<double> count_of_unit(fitted_.units, 0);
      for (std::size_t u = 0; u < fitted_.units; ++u)
        ++count_of_unit[static_cast<std::size_t>(random.uniform() * static_cast<double>(fitted_.units))];
      std::vector<double> counts;
      for (const FittedFigure& figure : fitted_.figures) counts.push_back(count_of_unit[figure.unit]);
      draws.push_back(models::refit(parameters, outcome_, counts));
    }
    return draws;
  }

  std::vector<FittedParameter> fitted_parameters() const {
    std::vector<FittedParameter> fitted;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      std::vector<double> values;
      for (const Values& draw : draws_) values.push_back(draw[i]);
      FittedParameter one{parameters_[i], outcome_.values[i], outcome_.values[i], outcome_.values[i], 1};
      if (!values.empty()) {
        one.low = std::min(one.value, quantile(values, 0.05));
        one.high = std::max(one.value, quantile(values, 0.95));
      }
      one.open_share = std::sqrt(outcome_.covariance[i][i]) / parameters_[i].prior_sigma;
      fitted.push_back(one);
    }
    return fitted;
  }

  static std::vector<CompareFit> beside(const Values& values, Evaluator& evaluator,
                                        const std::vector<FittedFigure>& figures) {
    const auto answers = evaluator.at({values}).front();
    std::vector<CompareFit> compared;
    for (std::size_t i = 0; i < answers.size(); ++i) compared.push_back({figures[i], mean_of(answers[i])});
    return compared;
  }

  std::vector<CompareFit> beside(const Values& values) { return beside(values, evaluator_, fitted_.figures); }

  std::vector<CompareFit> other_stages() {
    doing_ = "other stages";
    const CalibrationSettings others = of_other_stages(settings_, cases_);
    const std::vector<FittedFigure> figures = fitted_figures(cases_, others).figures;
    Evaluator evaluator(settings_, inputs_, cases_, subject_, parameters_, figures, progress_);
    return beside(outcome_.values, evaluator, figures);
  }

  HeldOut hold_out(HoldOut by) {
    HeldOut held{by, {}};
    if (by == HoldOut::kStages) held.predicted = without_each_stage();
    if (by == HoldOut::kOtherStages) held.predicted = other_stages();
    for (const Fold& fold : folds(fitted_, cases_, by)) {
      const std::vector<CompareFit> predicted = without(fold);
      held.predicted.insert(held.predicted.end(), predicted.begin(), predicted.end());
    }
    return held;
  }

  std::vector<CompareFit> without(const Fold& fold) {
    std::vector<bool> chosen = fold.held_out;
    chosen.flip();
    if (std::find(chosen.begin(), chosen.end(), true) == chosen.end()) return {};  // nothing is left to fit
    doing_ = "without " + fold.name;
    // From the priors, not from the fit of all, which has seen what is held out.
    const std::vector<CompareFit> all = beside(fit(chosen, starts()).values);
    std::vector<CompareFit> predicted;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (fold.held_out[i]) predicted.push_back(all[i]);
    return predicted;
  }

  std::vector<CompareFit> without_each_stage() const {
    std::vector<CompareFit> predicted;
    for (std::size_t u = 0; u < fitted_.units; ++u) {
      std::vector<double> counts;
      for (const FittedFigure& figure : fitted_.figures) counts.push_back(figure.unit == u ? 0 : 1);
      const Values values = models::refit(parameters_, outcome_, counts);
      for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts[i] == 0) predicted.push_back({fitted_.figures[i], linearised(i, values)});
    }
    return predicted;
  }

  double linearised(std::size_t figure, const Values& values) const {
    double residual = outcome_.residuals[figure];
    for (std::size_t p = 0; p < values.size(); ++p)
      residual += outcome_.jacobian[figure][p] * std::log(values[p] / outcome_.values[p]);
    const FittedFigure& of = fitted_.figures[figure];
    return of.measured.value * std::exp(residual * of.noise);
  }

  models::PerformanceProfile profile(const Calibration& result) const {
    models::PerformanceProfile made =
        with_values(blank_profile(subject_, settings_), parameters_, outcome_.values);
    const std::string source =
        settings_.source.empty() ? joined_sources(cases_, &SourceOf::title) : settings_.source;
    const std::string date =
        settings_.date.empty() ? joined_sources(cases_, &SourceOf::date) : settings_.date;
    for (const FittedParameter& parameter : result.parameters) {
      const auto found = made.coefficients.find(parameter.asked.name);
      if (found == made.coefficients.end()) continue;
      found->second.low = parameter.low;
      found->second.high = parameter.high;
      found->second.source = source;
      found->second.date = date;
    }
    made.draws = coefficient_draws();
    made.fitted = ranges();
    made.errors = fit_errors(result.figures, "");
    for (const HeldOut& held : result.held_out) {
      const auto errors = fit_errors(held.predicted, hold_out_names()[static_cast<std::size_t>(held.by)]);
      made.errors.insert(made.errors.end(), errors.begin(), errors.end());
    }
    models::check_profile(made);
    return made;
  }

  std::vector<std::map<std::string, double, std::less<>>> coefficient_draws() const {
    std::vector<std::map<std::string, double, std::less<>>> kept;
    for (std::size_t d = 0; d < std::min(kDraws, draws_.size()); ++d) {
      kept.emplace_back();
      for (std::size_t i = 0; i < parameters_.size(); ++i)
        if (!is_fleet_setting(parameters_[i].name)) kept.back()[parameters_[i].name] = draws_[d][i];
    }
    return kept;
  }

  // What the engines were asked for: the step's limit, and contexts from a cached prompt's to a whole
  // request's.
  models::FittedRanges ranges() const {
    models::FittedRanges ranges;
    ranges.step_tokens = {1, subject_.max_step_tokens};
    ranges.context_tokens = {fitted_.workloads.front().prompt_tokens, 0};
    for (const Workload& workload : fitted_.workloads) {
      ranges.context_tokens.low = std::min(ranges.context_tokens.low, workload.prompt_tokens);
      ranges.context_tokens.high =
          std::max(ranges.context_tokens.high, workload.prompt_tokens + workload.output_tokens);
    }
    return ranges;
  }

  const CalibrationSettings& settings_;
  const sim::FleetInputs& inputs_;
  std::vector<Case> cases_;
  Subject subject_;
  std::vector<FitParameter> parameters_;
  FittedFigures fitted_;
  std::string doing_;
  Progress progress_;
  Evaluator evaluator_;
  FitOutcome outcome_;
  std::vector<Values> draws_;
};

}  // namespace

Calibration calibrate(const CalibrationSettings& settings, const sim::FleetInputs& inputs,
                      const Progress& progress) {
  return Calibrator(settings, inputs, progress).run();
}

std::vector<models::FitError> fit_errors(const std::vector<CompareFit>& figures,
                                         const std::string& held_out) {
  std::map<std::string, std::vector<double>> by_metric;
  for (const CompareFit& one : figures) {
    const double measured = one.figure.measured.value;
    if (one.simulated)
      by_metric[one.figure.measured.metric].push_back((*one.simulated - measured) / measured);
  }
  std::vector<models::FitError> errors;
  for (const auto& [metric, signed_errors] : by_metric) {
    std::vector<double> sizes = signed_errors;
    for (double& size : sizes) size = std::abs(size);
    errors.push_back({metric, held_out, sizes.size(), quantile(signed_errors, 0.5), quantile(sizes, 0.5)});
  }
  return errors;
}

}  // namespace kvsim::validation
