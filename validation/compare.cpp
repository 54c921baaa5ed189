// SPDX-License-Identifier: Apache-2.0
#include "validation/compare.h"

#include <fmt/format.h>

#include <cmath>

#include "base/progress.h"
#include "sim/kv/replay.h"
#include "traces/open_source.h"
#include "validation/figure_of.h"
#include "validation/simulate.h"

namespace kvsim::validation {
namespace {

constexpr double kKibibyte = 1024;
constexpr double kGigabyte = 1e9;

std::optional<double> relative_error(double measured, std::optional<double> simulated) {
  if (!simulated || measured == 0) return {};
  return (*simulated - measured) / measured;
}

Judgement judge(std::optional<double> error, std::optional<double> tolerance) {
  if (!error || !tolerance) return Judgement::kShown;
  return std::abs(*error) <= *tolerance ? Judgement::kWithin : Judgement::kOutside;
}

ComparedSeries compare(const MeasuredSeries& measured, const Simulated& run) {
  ComparedSeries compared{measured, {}};
  for (std::size_t i = 0; i < measured.values.size(); ++i)
    compared.simulated.push_back(run.gauges.at(
        measured.metric, run.first_arrival_seconds + measured.every_seconds * static_cast<double>(i + 1)));
  return compared;
}

class CaseRunner {
 public:
  CaseRunner(const Case& measured, const Progress& progress) : case_(measured), progress_(progress) {
    total_ = measured.points.size();
    for (const Curve& curve : measured.curves) total_ += curve.values.size();
  }

  CaseResult run() {
    result_.name = case_.name;
    result_.about = case_.about;
    result_.source = case_.source;
    for (const Point& point : case_.points) result_.points.push_back(run_point(point));
    for (const Curve& curve : case_.curves) result_.curves.push_back(run_curve(curve));
    return std::move(result_);
  }

 private:
  void tell(const std::string& what) {
    throw_if_interrupted();
    if (progress_) progress_(static_cast<double>(done_) / static_cast<double>(total_), what);
    ++done_;
  }

  Simulated simulated(const Run& run) {
    Simulated result = simulate(run);
    if (!has_run_) result_.summary = result.summary;
    has_run_ = true;
    return result;
  }

  ComparedPoint run_point(const Point& point) {
    tell(point.name);
    const Simulated run = simulated(point.run);
    ComparedPoint compared{point.name, {}, {}};
    for (const MeasuredFigure& figure : point.figures)
      if (figure.compared) compared.figures.push_back({figure, figure_of(run.summary, figure)});
    for (const MeasuredSeries& series : point.series) compared.series.push_back(compare(series, run));
    return compared;
  }

  ComparedCurve run_curve(const Curve& curve) {
    ComparedCurve compared{curve, {}};
    for (std::size_t i = 0; i < curve.values.size(); ++i) {
      tell(fmt::format("{}, {} {:g}", curve.name, curve.x, curve.values[i].x));
      compared.simulated.push_back(
          std::visit([&](const auto& of) { return value(of, curve.values[i].x, i); }, curve.of));
    }
    return compared;
  }

  std::optional<double> value(const RunCurve& curve, double, std::size_t i) {
    const std::optional<double> own = figure_of(simulated(curve.points[i].run).summary, curve.figure);
    if (!own) return {};
    if (!curve.points[i].base) return *own / curve.unit;
    const std::optional<double> base = figure_of(simulated(*curve.points[i].base).summary, curve.figure);
    return base && *own > 0 ? std::optional(*base / *own) : std::nullopt;
  }

  static std::optional<double> value(const CopyCurveOf& curve, double kibibytes, std::size_t) {
    const double bytes = kibibytes * kKibibyte;
    return bytes / (curve.fixed_seconds + bytes / curve.bytes_per_second) / kGigabyte;
  }

  static std::optional<double> value(const ReplayCurve& curve, double tokens, std::size_t) {
    const std::unique_ptr<traces::Source> source = traces::open_source(curve.trace, {});
    const auto blocks = static_cast<std::uint64_t>(tokens) / curve.block_tokens;
    return sim::replay_blocks(*source, curve.block_tokens, blocks, curve.policy).hit_ratio();
  }

  const Case& case_;
  const Progress& progress_;
  std::size_t total_ = 0, done_ = 0;
  bool has_run_ = false;
  CaseResult result_;
};

}  // namespace

std::optional<double> ComparedFigure::error() const { return relative_error(measured.value, simulated); }

Judgement ComparedFigure::judgement() const { return judge(error(), measured.tolerance); }

double ComparedSeries::mean_absolute_difference() const {
  double sum = 0;
  for (std::size_t i = 0; i < simulated.size(); ++i) sum += std::abs(simulated[i] - measured.values[i]);
  return sum / static_cast<double>(simulated.size());
}

std::optional<double> ComparedCurve::error(std::size_t i) const {
  const double y = measured.values[i].y;
  if (!measured.absolute) return relative_error(y, simulated[i]);
  return simulated[i] ? std::optional(*simulated[i] - y) : std::nullopt;
}

Judgement ComparedCurve::judgement(std::size_t i) const {
  const double x = measured.values[i].x;
  if (x < measured.judged_from || x > measured.judged_to) return Judgement::kShown;
  return judge(error(i), measured.tolerance);
}

CaseResult run_case(const Case& measured_case, const Progress& progress) {
  return CaseRunner(measured_case, progress).run();
}

}  // namespace kvsim::validation
