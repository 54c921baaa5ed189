// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/evaluator.h"

#include <fmt/format.h>

#include "base/files.h"
#include "base/portable_math.h"
#include "traces/open_source.h"

namespace kvsim::validation {
namespace {

constexpr double kAbsent = 20;  // residual of a figure that a run does not give

}  // namespace

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
  for (const Case& one : cases)
    workload_digests_.push_back(traces::source_digest(one.points.front().run.workload, {}));
}

std::vector<Case> Evaluator::cases_with(const models::Values& point) const {
  const models::PerformanceProfile profile =
      with_values(blank_profile(subject_, settings_), parameters_, point);
  const std::string behind = behind_ + "\n" + models::profile_to_yaml(profile);
  const sim::FleetInputs inputs = inputs_with(inputs_, subject_, profile);
  std::vector<Case> cases;
  for (std::size_t c = 0; c < cases_.size(); ++c) {
    const bool routed_by_epp = cases_[c].points.front().run.fleet.router.epp.has_value();
    cases.push_back(load_case(cases_[c].file, inputs, settings_of(parameters_, point, routed_by_epp)));
    for (Point& each : cases.back().points)
      each.run.identity = fmt::format("{}\n{}\n{}\n{}", behind, sim::effective_yaml(each.run.fleet),
                                      workload_digests_[c], each.run.identity);
  }
  return cases;
}

std::vector<std::vector<BySeed>> Evaluator::at(const std::vector<models::Values>& points) {
  RunBatch batch(settings_.seeds, settings_.kept);
  std::vector<std::vector<RunBatch::Place>> places;
  for (const models::Values& point : points) {
    const std::vector<Case> cases = cases_with(point);
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
          usable ? portable_log(*simulated / figures_[i].measured.value) / figures_[i].noise : kAbsent);
    }
  }
  return residuals;
}

}  // namespace kvsim::validation
