// SPDX-License-Identifier: Apache-2.0
#include "validation/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/progress.h"
#include "sim/kv/replay.h"
#include "traces/open_source.h"
#include "validation/ladder.h"

namespace kvsim::validation {
namespace {

constexpr double kKibibyte = 1024;
constexpr double kGigabyte = 1e9;

// Mean, and with more than one seed the spread; nothing where a seed has no value.
std::pair<std::optional<double>, std::optional<Spread>> over_seeds(const BySeed& values) {
  const std::optional<double> mean = mean_of(values);
  if (!mean || values.size() < 2) return {mean, {}};
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return {mean, Spread{**least, **most}};
}

double value_of(const CopyCurveOf& curve, double kibibytes) {
  const double bytes = kibibytes * kKibibyte;
  return bytes / (curve.fixed_seconds + bytes / curve.bytes_per_second) / kGigabyte;
}

double value_of(const ReplayCurve& curve, double tokens) {
  const std::unique_ptr<traces::Source> source = traces::open_source(curve.trace, {});
  const auto blocks = static_cast<std::uint64_t>(tokens) / curve.block_tokens;
  return sim::replay_blocks(*source, curve.block_tokens, blocks, curve.policy).hit_ratio();
}

// First asks for all that the case needs, then simulates, then compares.
class CaseRunner {
 public:
  CaseRunner(const Case& measured, const Progress& progress)
      : case_(measured), progress_(progress), batch_(measured.seeds) {}

  CaseResult run(std::size_t jobs) {
    CaseResult result{case_.name, case_.about, case_.source, case_.not_run,    case_.seeds, {},
                      {},         {},          {},           case_.compared_to};
    if (!case_.not_run.empty()) return result;
    for (const Point& point : case_.points) ask(point);
    for (const Curve& curve : case_.curves)
      if (const auto* of_runs = std::get_if<RunCurve>(&curve.of)) ask(*of_runs);
    if (!places_.empty()) batch_.simulate(jobs, progress_);
    for (const Point& point : case_.points) result.points.push_back(compared(point));
    for (const Curve& curve : case_.curves) result.curves.push_back(compared(curve));
    for (const Ranking& ranking : case_.rankings)
      result.rankings.push_back(compare_ranking(ranking, result.curves));
    result.validity = batch_.validity();
    return result;
  }

 private:
  void ask(const Point& point) {
    for (const MeasuredFigure& figure : point.figures)
      if (figure.compared) places_.push_back(batch_.want(point.run, figure));
    for (const MeasuredSeries& series : point.series) places_.push_back(batch_.want(point.run, series));
    for (const MeasuredRequests& requests : point.requests)
      places_.push_back(batch_.want(point.run, requests));
  }

  void ask(const RunCurve& curve) {
    for (const RunCurve::Point& point : curve.points) {
      MeasuredFigure figure = curve.figure;
      figure.stage = point.stage;
      places_.push_back(batch_.want(point.run, figure));
      if (point.base) places_.push_back(batch_.want(*point.base, figure));
    }
  }

  RunBatch::Place next() { return places_[next_++]; }

  ComparedPoint compared(const Point& point) {
    ComparedPoint result;
    result.name = point.name;
    for (const MeasuredFigure& figure : point.figures) {
      if (!figure.compared) continue;
      ComparedFigure& compared = result.figures.emplace_back();
      compared.measured = figure;
      std::tie(compared.simulated, compared.spread) = over_seeds(batch_.values(next()));
    }
    for (const MeasuredSeries& series : point.series)
      result.series.push_back({series, batch_.series(next())});
    for (const MeasuredRequests& requests : point.requests)
      result.requests.push_back({requests, batch_.requests(next())});
    add_ladder(point, case_.slo_rates, result);
    return result;
  }

  ComparedCurve compared(const Curve& curve) {
    ComparedCurve result{curve, {}, {}};
    for (std::size_t i = 0; i < curve.values.size(); ++i) {
      const auto [mean, spread] =
          over_seeds(std::visit([&](const auto& of) { return values(of, curve, i); }, curve.of));
      result.simulated.push_back(mean);
      result.spread.push_back(spread);
    }
    return result;
  }

  BySeed values(const RunCurve& of, const Curve&, std::size_t i) {
    BySeed values = batch_.values(next());
    if (!of.points[i].base) {
      for (std::optional<double>& value : values)
        if (value) value = *value / of.unit;
      return values;
    }
    const BySeed base = batch_.values(next());
    for (std::size_t seed = 0; seed < values.size(); ++seed) {
      const bool both = base[seed] && values[seed] && *values[seed] > 0;
      values[seed] = both ? std::optional(*base[seed] / *values[seed]) : std::nullopt;
    }
    return values;
  }

  template <class Computed>
  BySeed values(const Computed& of, const Curve& curve, std::size_t i) {
    throw_if_interrupted();
    const double x = curve.values[i].x;
    if (progress_)
      progress_(static_cast<double>(i) / static_cast<double>(curve.values.size()),
                fmt::format("{}, {} {:g}", curve.name, curve.x, x));
    return {value_of(of, x)};
  }

  const Case& case_;
  const Progress& progress_;
  RunBatch batch_;
  std::vector<RunBatch::Place> places_;  // in the order of asking, which is that of comparing
  std::size_t next_ = 0;
};

}  // namespace

CaseResult run_case(const Case& measured_case, std::size_t jobs, const Progress& progress) {
  return CaseRunner(measured_case, progress).run(jobs);
}

}  // namespace kvsim::validation
