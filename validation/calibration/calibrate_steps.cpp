// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/calibrate_steps.h"

#include <fmt/format.h>

#include "base/files.h"
#include "base/text.h"
#include "models/fit_steps.h"
#include "validation/measurements/formats.h"

namespace kvsim::validation {
namespace {

constexpr std::uint64_t kFileLimitBytes = 64ull << 20;

template <class Found>
const Found& known(const Found* found, const char* option, const std::string& name,
                   const std::vector<std::string>& names) {
  if (found == nullptr)
    throw UsageError(
        fmt::format("{}: \"{}\" is not known; {}", option, name, valid_names_remedy(name, names)));
  return *found;
}

models::Types types_of(const StepSubject& subject, const models::ModelCard& card) {
  if (subject.type.empty()) return models::published_types(card);
  models::StepSample sample;
  sample.type = parse_number_type(subject.type);
  if (!sample.type)
    throw UsageError(
        fmt::format("--type {}: {}", subject.type, valid_names_remedy(subject.type, number_type_names())));
  return models::types_of(sample, models::published_types(card));
}

std::vector<models::StepSample> samples_of(const std::vector<std::string>& files) {
  std::vector<models::StepSample> samples;
  for (const std::string& file : files)
    for (models::StepSample& sample : models::load_step_samples(file)) samples.push_back(std::move(sample));
  return samples;
}

std::vector<std::string> names_of(const std::vector<ParameterChoice>& parameters) {
  std::vector<std::string> names;
  for (const ParameterChoice& one : parameters) {
    if (one.start)
      throw UsageError("--parameter " + one.name +
                       ": a fit to steps starts at its prior; give the name alone");
    names.push_back(one.name);
  }
  return names;
}

models::StepFitInput input_of(const CalibrationSettings& settings, const StepSubject& subject,
                              const sim::FleetInputs& inputs) {
  const models::ModelCard& card =
      known(inputs.models.find(subject.model), "--model", subject.model, inputs.models.names());
  const Accelerator& accelerator = known(inputs.catalog.find(subject.accelerator), "--accelerator",
                                         subject.accelerator, inputs.catalog.names());
  models::StepFitInput input{
      {card, accelerator, inputs.profiles, subject.tp, types_of(subject, card)},
      samples_of(settings.cases),
      names_of(settings.parameters),
      settings.name,
      settings.source.empty() ? "steps of " + join(settings.cases, ", ") : settings.source,
      settings.date};
  input.resamples = settings.bootstraps;
  return input;
}

Subject subject_of(const models::StepSetting& setting) {
  Subject subject;
  subject.accelerator = setting.accelerator.name;
  subject.vendor = setting.accelerator.vendor;
  subject.model = setting.card.name;
  subject.tp = setting.tp;
  subject.types = setting.types;
  return subject;
}

CompareStep beside(const models::StepSample& sample, const models::FittedStep& fitted) {
  return {std::string(models::phase_of(sample.work)),
          static_cast<double>(sample.work.tokens()),
          sample.work.decode_context_tokens + sample.work.prefill_context_tokens,
          sample.seconds,
          fitted.seconds,
          fitted.held_out_seconds,
          fitted.noise};
}

Calibration result_of(const models::StepFitInput& input, models::StepFit fit) {
  Calibration result;
  result.subject = subject_of(input.setting);
  for (const models::FittedCoefficient& one : fit.coefficients)
    result.parameters.push_back({one.name, one.start, one.value, one.low, one.high, one.remaining, one.how});
  for (std::size_t i = 0; i < input.samples.size(); ++i)
    result.steps.push_back(beside(input.samples[i], fit.steps[i]));
  result.profile = std::move(fit.profile);
  result.rounds = fit.rounds;
  result.converged = fit.converged;
  return result;
}

}  // namespace

bool are_steps(const std::vector<std::string>& files) {
  std::size_t steps = 0;
  for (const std::string& file : files) {
    const MeasurementFormat format = recognise(file, read_file(file, kFileLimitBytes)).format;
    if (format == MeasurementFormat::kStepCsv)
      ++steps;
    else if (format != MeasurementFormat::kUnknown)
      throw UsageError(fmt::format("{}: results of {}; make a case of them with kvsim measured case", file,
                                   reader_of(format).words));
  }
  if (steps > 0 && steps < files.size())
    throw UsageError(
        "steps and cases in one command: fit the steps first, then the cases, with what the steps pin down "
        "as "
        "--parameter NAME=START");
  return steps > 0;
}

Calibration calibrate_steps(const CalibrationSettings& settings, const StepSubject& subject,
                            const sim::FleetInputs& inputs) {
  if (settings.date.empty())
    throw UsageError(
        "--date: step files do not tell when they were measured; give --date, such as 2026-04-25");
  const models::StepFitInput input = input_of(settings, subject, inputs);
  Calibration result = result_of(input, models::fit_steps(input));
  result.profile.engine_from = settings.engine_from;
  result.profile.engine_to = settings.engine_to;
  return result;
}

}  // namespace kvsim::validation
