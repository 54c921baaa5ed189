// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/fitted_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "validation/simulate.h"

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

double rate_of(const sim::Summary& summary, std::optional<std::uint32_t> stage) {
  for (const sim::StageSummary& one : summary.stages)
    if (stage && one.info.index == static_cast<std::int32_t>(*stage)) return one.info.requested_rate;
  return 0;
}

Workload lengths_of(const sim::Throughput& throughput) {
  const double requests = std::max(throughput.requests_per_second, 1e-9);
  return {throughput.input_tokens_per_second / requests, throughput.output_tokens_per_second / requests};
}

bool alike(const Workload& a, const Workload& b) {
  const auto near = [](double x, double y) { return std::max(x, y) < kAlikeLengths * std::min(x, y); };
  return near(a.prompt_tokens, b.prompt_tokens) && near(a.output_tokens, b.output_tokens);
}

// By case, the first one of the same workload.
std::vector<std::size_t> first_alike(const std::vector<Workload>& workloads) {
  std::vector<std::size_t> first;
  for (const Workload& one : workloads) {
    const auto found = std::find_if(workloads.begin(), workloads.end(),
                                    [&](const Workload& other) { return alike(other, one); });
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
  std::map<std::tuple<std::size_t, std::size_t, std::int64_t>, std::size_t> units;
  for (std::size_t c = 0; c < cases.size(); ++c) {
    const std::size_t before = fitted.figures.size();
    for (std::size_t p = 0; p < cases[c].points.size(); ++p) {
      const Point& point = cases[c].points[p];
      const sim::Summary summary = simulate(point.run).summary;
      if (p == 0) fitted.workloads.push_back(lengths_of(summary.total.throughput));
      for (const MeasuredFigure& figure : point.figures) {
        if (!asked_for(figure, settings)) continue;
        const std::int64_t stage = figure.stage ? static_cast<std::int64_t>(*figure.stage) : -1;
        const std::size_t unit = units.try_emplace({c, p, stage}, units.size()).first->second;
        fitted.figures.push_back(
            {c, p, figure, rate_of(summary, figure.stage), figure.noise > 0 ? figure.noise : 0.1, unit});
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
