// SPDX-License-Identifier: Apache-2.0
#include "models/fit_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "base/errors.h"
#include "base/portable_math.h"
#include "base/random.h"
#include "base/text.h"
#include "models/least_squares.h"

namespace kvsim::models {
namespace {

constexpr double kQuartiles = 1.349;  // standard deviations between the quartiles of a normal distribution
constexpr double kMedianDeviation = 1.4826;  // standard deviations in a median absolute deviation

constexpr FitOptions kFitOptions{.max_rounds =
                                     80};  // shallow valleys between overheads of one kind take long

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double rounded(double value) { return parse_double(fmt::format("{:.4g}", value)).value_or(value); }

PerformanceProfile trial_profile(const std::vector<FitParameter>& parameters, const Values& values) {
  PerformanceProfile trial;
  for (std::size_t i = 0; i < parameters.size(); ++i)
    trial.coefficients[parameters[i].name] = {values[i], values[i], values[i], "", ""};
  return trial;
}

// Of two independent kinds of noise.
double both(double one, double other) { return std::sqrt(one * one + other * other); }

// One fit to all samples or to some of them.
class Fitter {
 public:
  explicit Fitter(const StepFitInput& input)
      : input_(input), replay_(input.setting, input.samples), parameters_(parameters_of(input, replay_)) {
    for (const StepSample& sample : input.samples)
      noise_.push_back(both(input.least_noise, sample.spread / kQuartiles));
  }

  const std::vector<FitParameter>& parameters() const { return parameters_; }
  const std::vector<double>& noise() const { return noise_; }

  FitOutcome fit(const std::vector<bool>& used) const {
    return least_squares(
        parameters_,
        [&](const std::vector<Values>& points) {
          std::vector<Values> answers;
          for (const Values& point : points) answers.push_back(residuals(seconds(point), used));
          return answers;
        },
        kFitOptions);
  }

  std::vector<double> seconds(const Values& values) const {
    return replay_.seconds(trial_profile(parameters_, values));
  }

  // The model is off by more than the samples scatter: what it leaves over counts as noise.
  double widen_noise(const Values& residuals) {
    std::vector<double> sizes;
    for (const double residual : residuals) sizes.push_back(std::abs(residual));
    const double wider = std::max(1.0, kMedianDeviation * median(std::move(sizes)));
    for (double& noise : noise_) noise *= wider;
    return wider;
  }

 private:
  static std::vector<FitParameter> parameters_of(const StepFitInput& input, const StepReplay& replay) {
    const auto names =
        input.coefficients.empty() ? step_coefficients(input.setting, input.samples) : input.coefficients;
    return fit_parameters(names, CoefficientChain(replay.priors()));
  }

  Values residuals(const std::vector<double>& model, const std::vector<bool>& used) const {
    Values values;
    for (std::size_t i = 0; i < model.size(); ++i)
      if (used[i]) values.push_back(portable_log(model[i] / input_.samples[i].seconds) / noise_[i]);
    return values;
  }

  const StepFitInput& input_;
  StepReplay replay_;
  std::vector<FitParameter> parameters_;
  std::vector<double> noise_;
};

// Neighbours in phase and size share a group, so that a group left out is a region that the others must
// reach.
std::vector<std::size_t> contiguous_groups(const std::vector<StepSample>& samples, std::size_t groups) {
  std::vector<std::size_t> order(samples.size());
  std::iota(order.begin(), order.end(), 0);
  const auto size = [&](std::size_t i) {
    const StepWork& work = samples[i].work;
    return std::make_tuple(phase_of(work), work.tokens(),
                           work.decode_context_tokens + work.prefill_context_tokens);
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return size(a) < size(b); });
  std::vector<std::size_t> group(samples.size());
  for (std::size_t place = 0; place < order.size(); ++place)
    group[order[place]] = place * groups / order.size();
  return group;
}

std::vector<double> held_out_seconds(const StepFitInput& input, const Fitter& fitter) {
  const auto group = contiguous_groups(input.samples, input.groups);
  std::vector<double> held_out(input.samples.size(), 0);
  for (std::size_t left_out = 0; left_out < input.groups; ++left_out) {
    std::vector<bool> used;
    for (const std::size_t one : group) used.push_back(one != left_out);
    const std::vector<double> seconds = fitter.seconds(fitter.fit(used).values);
    for (std::size_t i = 0; i < group.size(); ++i)
      if (!used[i]) held_out[i] = seconds[i];
  }
  return held_out;
}

// Each sample is drawn on its own.
std::vector<Values> resampled(const StepFitInput& input, const std::vector<FitParameter>& parameters,
                              const FitOutcome& outcome) {
  RandomStream random(input.seed, "fit_steps");
  std::vector<std::size_t> own(input.samples.size());
  std::iota(own.begin(), own.end(), 0);
  return resampled_fits(parameters, outcome, own, own.size(), input.resamples, random);
}

double quantile(const std::vector<Values>& draws, std::size_t parameter, double share) {
  std::vector<double> values;
  for (const Values& draw : draws) values.push_back(draw[parameter]);
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

std::vector<FittedCoefficient> describe(const std::vector<FitParameter>& parameters,
                                        const FitOutcome& outcome, const std::vector<Values>& draws) {
  std::vector<FittedCoefficient> all;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    FittedCoefficient one;
    one.name = parameters[i].name;
    one.start = parameters[i].start;
    one.value = rounded(outcome.values[i]);
    one.low = std::min(one.value, rounded(draws.empty() ? one.value : quantile(draws, i, 0.05)));
    one.high = std::max(one.value, rounded(draws.empty() ? one.value : quantile(draws, i, 0.95)));
    const double sigma = std::sqrt(outcome.covariance[i][i]);
    one.remaining = sigma / parameters[i].prior_sigma;
    one.how = identifiability(sigma, parameters[i].prior_sigma);
    all.push_back(one);
  }
  return all;
}

FitError error_of(const std::vector<StepSample>& samples, const std::vector<FittedStep>& steps,
                  double FittedStep::*model, std::string_view phase) {
  std::vector<double> errors, sizes;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (!phase.empty() && phase_of(samples[i].work) != phase) continue;
    errors.push_back(steps[i].*model / samples[i].seconds - 1);
    sizes.push_back(std::abs(errors.back()));
  }
  FitError error;
  error.metric = "step_seconds";
  error.held_out = model == &FittedStep::held_out_seconds ? "groups of neighbouring steps" : "";
  error.figures = errors.size();
  error.median_error = rounded(median(std::move(errors)));
  error.median_absolute_error = rounded(median(std::move(sizes)));
  return error;
}

void widen(FittedRange& range, double value) {
  range.low = std::min(range.low, value);
  range.high = std::max(range.high, value);
}

FittedRanges ranges_of(const std::vector<StepSample>& samples) {
  constexpr FittedRange kNothing{1e18, 0};
  FittedRanges ranges{kNothing, kNothing, kNothing};
  for (const StepSample& sample : samples) {
    const double decodes = static_cast<double>(sample.work.decode_sequences);
    widen(ranges.step_tokens, static_cast<double>(sample.work.tokens()));
    if (decodes <= 0) continue;
    widen(ranges.decode_sequences, decodes);
    widen(ranges.context_tokens, sample.work.decode_context_tokens / decodes);
  }
  if (ranges.decode_sequences.high > 0) return ranges;
  ranges.decode_sequences = ranges.context_tokens = {0, 0};
  return ranges;
}

// All go into the profile, as they are the fit only together; one that the data leaves open says so.
Coefficient as_coefficient(const FittedCoefficient& one, const StepFitInput& input) {
  const char* caveat =
      one.how == Identifiability::kNot ? "; near the prior, not told by these steps alone" : "";
  return {one.value, one.low, one.high, input.source + caveat, input.date};
}

PerformanceProfile profile_of(const StepFitInput& input, const StepFit& fit,
                              const std::vector<Values>& draws) {
  const StepSetting& setting = input.setting;
  PerformanceProfile profile;
  profile.name = input.name;
  profile.accelerators = {setting.accelerator.name};
  profile.measured_on = setting.accelerator.name;
  profile.model = setting.card.name;
  profile.tp = setting.tp;
  profile.fitted = ranges_of(input.samples);
  const auto type = [&](const StepSample& sample) { return types_of(sample, setting.types).weights; };
  const NumberType first = type(input.samples.front());
  const bool one_type = std::all_of(input.samples.begin(), input.samples.end(),
                                    [&](const StepSample& sample) { return type(sample) == first; });
  if (one_type) profile.types = types_of(input.samples.front(), setting.types);
  profile.draws.resize(std::min(input.draws, draws.size()));
  for (std::size_t i = 0; i < fit.coefficients.size(); ++i) {
    const FittedCoefficient& one = fit.coefficients[i];
    profile.coefficients[one.name] = as_coefficient(one, input);
    for (std::size_t d = 0; d < profile.draws.size(); ++d) profile.draws[d][one.name] = rounded(draws[d][i]);
  }
  return profile;
}

void check_counts(const StepFitInput& input, std::size_t coefficients) {
  const std::size_t samples = input.samples.size();
  const std::size_t least = std::max({coefficients, input.groups, std::size_t{2}});
  Problems problems;
  if (samples < least)
    problems.add(
        {}, "", fmt::format("{} steps for {} coefficients in {} groups", samples, coefficients, input.groups),
        fmt::format("give {} steps or more, or fit fewer coefficients", least));
  if (input.groups < 2) problems.add({}, "", "fewer than two groups to hold out", "give 2 or more");
  if (!(input.least_noise > 0)) problems.add({}, "", "no least noise", "give a share above 0");
  problems.throw_if_any();
}

}  // namespace

StepFit fit_steps(const StepFitInput& input) {
  check_counts(input, input.coefficients.empty() ? step_coefficients(input.setting, input.samples).size()
                                                 : input.coefficients.size());
  Fitter fitter(input);
  const std::vector<bool> all(input.samples.size(), true);
  StepFit fit;
  fit.model_error = fitter.widen_noise(fitter.fit(all).residuals);
  const FitOutcome outcome = fitter.fit(all);
  fit.rounds = outcome.rounds;
  fit.converged = outcome.converged;
  const std::vector<Values> draws = resampled(input, fitter.parameters(), outcome);
  fit.coefficients = describe(fitter.parameters(), outcome, draws);
  const std::vector<double> seconds = fitter.seconds(outcome.values);
  const std::vector<double> held_out = held_out_seconds(input, fitter);
  for (std::size_t i = 0; i < seconds.size(); ++i)
    fit.steps.push_back({seconds[i], held_out[i], fitter.noise()[i], outcome.weights[i]});
  const auto errors = [&](std::string_view phase) {
    return PhaseError{std::string(phase), error_of(input.samples, fit.steps, &FittedStep::seconds, phase),
                      error_of(input.samples, fit.steps, &FittedStep::held_out_seconds, phase)};
  };
  for (const char* phase : {"decode", "prefill", "mixed"}) {
    PhaseError one = errors(phase);
    if (one.fitted.figures > 0) fit.phases.push_back(std::move(one));
  }
  fit.profile = profile_of(input, fit, draws);
  const PhaseError whole = errors("");
  fit.profile.errors = {whole.fitted, whole.held_out};
  check_profile(fit.profile);
  return fit;
}

}  // namespace kvsim::models
