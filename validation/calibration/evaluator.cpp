// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/evaluator.h"

#include <fmt/format.h>

#include <cmath>

#include "base/files.h"
#include "traces/open_source.h"

namespace kvsim::validation {
namespace {

constexpr double kAbsent = 20;  // residual of a figure that a run does not give

}  // namespace

std::optional<double> mean_of(const Evaluator::BySeed& values) {
  double sum = 0;
  for (const std::optional<double>& value : values) {
    if (!value) return {};
    sum += *value;
  }
  return sum / static_cast<double>(values.size());
}

Evaluator::Evaluator(const CalibrationSettings& settings, const sim::FleetInputs& inputs,
                     const std::vector<Case>& cases, const Subject& subject,
                     const std::vector<models::FitParameter>& parameters,
                     const std::vector<FittedFigure>& figures, const Progress& progress)
    : settings_(settings),
      inputs_(inputs),
      cases_(cases),
      subject_(subject),
      parameters_(parameters),
      figures_(figures),
      progress_(progress) {
  for (const models::PerformanceProfile& profile : inputs.profiles.profiles())
    if (profile.prior) behind_ += models::profile_to_yaml(profile);
  behind_ = hex64(digest(behind_));
}

std::string Evaluator::identity(const Run& run, const models::PerformanceProfile& profile) const {
  return fmt::format("{}\n{}\n{}\n{}\n{}", behind_, models::profile_to_yaml(profile),
                     sim::effective_yaml(run.fleet), traces::source_digest(run.workload, {}), run.identity);
}

std::vector<std::vector<Evaluator::BySeed>> Evaluator::at(const std::vector<models::Values>& points) {
  RunBatch batch(settings_.seeds, settings_.kept);
  std::vector<std::vector<RunBatch::Place>> places;
  for (const models::Values& point : points) {
    const models::PerformanceProfile profile =
        with_values(blank_profile(subject_, settings_), parameters_, point);
    const sim::FleetInputs inputs = inputs_with(inputs_, subject_, profile);
    std::vector<Case> cases;
    for (const Case& one : cases_) {
      const bool routed_by_epp = one.points.front().run.fleet.router.epp.has_value();
      cases.push_back(load_case(one.file, inputs, settings_of(parameters_, point, routed_by_epp)));
      for (Point& each : cases.back().points) each.run.identity = identity(each.run, profile);
    }
    places.emplace_back();
    for (const FittedFigure& figure : figures_)
      places.back().push_back(batch.want(cases[figure.of_case].points[figure.point].run, figure.measured));
  }
  batch.simulate(settings_.jobs, progress_);
  std::vector<std::vector<BySeed>> answers;
  for (const std::vector<RunBatch::Place>& of_point : places) {
    answers.emplace_back();
    for (const RunBatch::Place place : of_point) answers.back().push_back(batch.values(place));
  }
  return answers;
}

std::vector<models::Values> Evaluator::residuals(const std::vector<models::Values>& points,
                                                 const std::vector<bool>& chosen) {
  std::vector<models::Values> residuals;
  for (const std::vector<BySeed>& of_point : at(points)) {
    residuals.emplace_back();
    for (std::size_t i = 0; i < figures_.size(); ++i) {
      if (!chosen[i]) continue;
      const std::optional<double> simulated = mean_of(of_point[i]);
      const bool usable = simulated && *simulated > 0;
      residuals.back().push_back(
          usable ? std::log(*simulated / figures_[i].measured.value) / figures_[i].noise : kAbsent);
    }
  }
  return residuals;
}

}  // namespace kvsim::validation
