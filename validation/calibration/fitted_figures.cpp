// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/fitted_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "validation/saturation.h"

namespace kvsim::validation {
namespace {

constexpr double kAlikeLengths = 1.25;  // runs whose mean lengths differ by less have the same workload

bool asked_for(const MeasuredFigure& figure, const CalibrationSettings& settings) {
  const std::vector<std::string>& metrics = settings.metrics;
  const bool of_stage = figure.stage && settings.stages.contains(*figure.stage);
  return (settings.stages.empty() || of_stage) && figure.compared && figure.value > 0 &&
         (figure.statistic.empty() || figure.statistic == "mean") &&
         std::find(metrics.begin(), metrics.end(), figure.metric) != metrics.end();
}

StageValue measured_of(const std::vector<MeasuredFigure>& figures, std::optional<std::uint32_t> stage) {
  return [&figures, stage](const std::string& metric, const std::string& statistic) {
    for (const MeasuredFigure& figure : figures)
      if (figure.stage == stage && figure.metric == metric && figure.statistic == statistic)
        return std::optional(figure.value);
    return std::optional<double>();
  };
}

// Of one run, without its place among the cases and units.
std::vector<FittedFigure> figures_of(const Point& point, const CalibrationSettings& settings) {
  const std::vector<OfferedLoad> loads = offered_loads(point.run);
  std::vector<FittedFigure> figures;
  for (const MeasuredFigure& measured : point.figures) {
    if (!asked_for(measured, settings)) continue;
    FittedFigure& figure = figures.emplace_back();
    figure.measured = measured;
    if (measured.noise > 0) figure.noise = measured.noise;
    const OfferedLoad* load = load_of(loads, measured.stage);
    if (load == nullptr) continue;
    figure.rate = load->rate;
    if (load->stage) figure.saturated = is_saturated(*load, measured_of(point.figures, load->stage));
  }
  return figures;
}

bool alike(const OfferedLengths& a, const OfferedLengths& b) {
  const auto near = [](double x, double y) { return std::max(x, y) < kAlikeLengths * std::min(x, y); };
  return near(a.prompt_tokens, b.prompt_tokens) && near(a.output_tokens, b.output_tokens);
}

// By case, the first one of the same workload.
std::vector<std::size_t> first_alike(const std::vector<OfferedLengths>& workloads) {
  std::vector<std::size_t> first;
  for (const OfferedLengths& one : workloads) {
    const auto found = std::find_if(workloads.begin(), workloads.end(),
                                    [&](const OfferedLengths& other) { return alike(other, one); });
    first.push_back(static_cast<std::size_t>(found - workloads.begin()));
  }
  return first;
}

// The median rate of each run's stages: what lies above it is the upper half.
std::map<std::size_t, double> middle_rates(const FittedFigures& fitted) {
  std::map<std::size_t, std::set<double>> rates;
  for (const FittedFigure& figure : fitted.figures) rates[figure.of_case].insert(figure.rate);
  std::map<std::size_t, double> middles;
  for (const auto& [of_case, all] : rates) middles[of_case] = *std::next(all.begin(), (all.size() - 1) / 2);
  return middles;
}

Fold upper_rates(const FittedFigures& fitted) {
  const std::map<std::size_t, double> middles = middle_rates(fitted);
  Fold fold{"upper-rates", {}};
  for (const FittedFigure& figure : fitted.figures)
    fold.held_out.push_back(figure.rate > middles.at(figure.of_case));
  return fold;
}

std::vector<Fold> by_group(const FittedFigures& fitted, const std::vector<std::size_t>& group_of_case,
                           const std::vector<std::string>& names) {
  std::vector<Fold> folds;
  for (const std::size_t group : std::set<std::size_t>(group_of_case.begin(), group_of_case.end())) {
    folds.push_back({names[group], {}});
    for (const FittedFigure& figure : fitted.figures)
      folds.back().held_out.push_back(group_of_case[figure.of_case] == group);
  }
  return folds;
}

}  // namespace

FittedFigures fitted_figures(const std::vector<Case>& cases, const CalibrationSettings& settings) {
  FittedFigures fitted;
  Problems problems;
  std::map<std::tuple<std::size_t, std::size_t, std::optional<std::uint32_t>>, std::size_t> units;
  for (std::size_t c = 0; c < cases.size(); ++c) {
    const std::size_t before = fitted.figures.size();
    for (std::size_t p = 0; p < cases[c].points.size(); ++p) {
      const Point& point = cases[c].points[p];
      if (p == 0) fitted.workloads.push_back(offered_lengths(point.run));
      for (FittedFigure& figure : figures_of(point, settings)) {
        figure.of_case = c;
        figure.point = p;
        figure.unit = units.try_emplace({c, p, figure.measured.stage}, units.size()).first->second;
        fitted.figures.push_back(std::move(figure));
      }
    }
    if (fitted.figures.size() == before)
      problems.add({cases[c].file}, "measured", "no mean of " + join(settings.metrics, ", "),
                   "measure one of them, or choose others with --metric");
  }
  problems.throw_if_any();
  fitted.units = units.size();
  return fitted;
}

std::vector<Fold> folds(const FittedFigures& fitted, const std::vector<Case>& cases, HoldOut by) {
  std::vector<std::string> names;
  std::vector<std::size_t> own;
  for (const Case& one : cases) {
    own.push_back(own.size());
    names.push_back(one.name);
  }
  switch (by) {
    case HoldOut::kUpperRates:
      return {upper_rates(fitted)};
    case HoldOut::kRuns:
      return by_group(fitted, own, names);
    case HoldOut::kWorkloads: {
      for (std::size_t c = 0; c < cases.size(); ++c)
        names[c] = fmt::format("{:.0f} tokens in, {:.0f} out", fitted.workloads[c].prompt_tokens,
                               fitted.workloads[c].output_tokens);
      return by_group(fitted, first_alike(fitted.workloads), names);
    }
    case HoldOut::kStages:
    case HoldOut::kOtherStages:
      break;
  }
  return {};
}

}  // namespace kvsim::validation
