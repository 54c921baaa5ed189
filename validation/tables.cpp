// SPDX-License-Identifier: Apache-2.0
#include "validation/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace kvsim::validation {
namespace {

std::string word(Judgement judgement) {
  if (judgement == Judgement::kShown) return "-";
  return judgement == Judgement::kWithin ? "within" : "outside";
}

std::string tolerance_of(const Curve& curve) {
  if (!curve.tolerance) return "-";
  return curve.absolute ? fmt::format("{:g}", *curve.tolerance)
                        : fmt::format("{:g} %", 100 * *curve.tolerance);
}

std::string error_of(const Curve& curve, const std::optional<double>& error) {
  if (!curve.absolute) return percent(error);
  return error ? fmt::format("{:+.4f}", *error) : "-";
}

std::string range(const std::optional<Spread>& spread) {
  return spread ? number(spread->least) + " to " + number(spread->most) : "-";
}

}  // namespace

std::string number(const std::optional<double>& value) { return value ? fmt::format("{:.4g}", *value) : "-"; }

std::string percent(const std::optional<double>& value) {
  return value ? fmt::format("{:+.1f} %", 100 * *value) : "-";
}

Rows figure_rows(const std::vector<ComparedFigure>& figures) {
  Rows rows{{"metric", "statistic", "stage", "measured", "simulated", "error"}};
  const bool judged = std::any_of(figures.begin(), figures.end(), [](const ComparedFigure& figure) {
    return figure.measured.tolerance.has_value();
  });
  const bool seeds = std::any_of(figures.begin(), figures.end(),
                                 [](const ComparedFigure& figure) { return figure.spread.has_value(); });
  if (seeds) rows[0].insert(rows[0].begin() + 5, "over seeds");
  if (judged) rows[0].insert(rows[0].end(), {"tolerance", "verdict"});
  for (const ComparedFigure& figure : figures) {
    const MeasuredFigure& measured = figure.measured;
    rows.push_back({measured.metric, measured.statistic.empty() ? "-" : measured.statistic,
                    measured.stage ? std::to_string(*measured.stage) : "-", number(measured.value),
                    number(figure.simulated), percent(figure.error())});
    if (seeds) rows.back().insert(rows.back().begin() + 5, range(figure.spread));
    if (!judged) continue;
    rows.back().push_back(measured.tolerance ? fmt::format("{:g} %", 100 * *measured.tolerance) : "-");
    rows.back().push_back(word(figure.judgement()));
  }
  return rows;
}

Rows curve_rows(const ComparedCurve& curve) {
  const Curve& measured = curve.measured;
  Rows rows{{measured.x, "measured", "+-", "simulated", "error", "tolerance", "verdict"}};
  const bool seeds = std::any_of(curve.spread.begin(), curve.spread.end(),
                                 [](const std::optional<Spread>& spread) { return spread.has_value(); });
  if (seeds) rows[0].insert(rows[0].begin() + 4, "over seeds");
  for (std::size_t i = 0; i < measured.values.size(); ++i) {
    const CurveValue& value = measured.values[i];
    const Judgement judgement = curve.judgement(i);
    rows.push_back({fmt::format("{:g}", value.x), number(value.y),
                    value.uncertainty > 0 ? number(value.uncertainty) : "-", number(curve.simulated[i]),
                    error_of(measured, curve.error(i)),
                    judgement == Judgement::kShown ? "-" : tolerance_of(measured), word(judgement)});
    if (seeds) rows.back().insert(rows.back().begin() + 4, range(curve.spread[i]));
  }
  return rows;
}

std::string curve_line(const ComparedCurve& curve) {
  std::vector<double> errors;
  std::size_t outside = 0, worst = 0;
  for (std::size_t i = 0; i < curve.measured.values.size(); ++i) {
    if (curve.judgement(i) == Judgement::kShown) continue;
    errors.push_back(*curve.error(i));
    if (std::abs(errors.back()) > std::abs(curve.error(worst).value_or(0)) || errors.size() == 1) worst = i;
    outside += curve.judgement(i) == Judgement::kOutside;
  }
  if (errors.empty()) return fmt::format("{}: shown, not judged.", curve.measured.name);
  return fmt::format("{}: median error {}, largest {} at {:g} {}; {} of {} outside {}.", curve.measured.name,
                     error_of(curve.measured, sim::quantiles(errors, {0.5}).front()),
                     error_of(curve.measured, curve.error(worst)), curve.measured.values[worst].x,
                     curve.measured.x, outside, errors.size(), tolerance_of(curve.measured));
}

Rows ranking_rows(const ComparedRanking& ranking) {
  Rows rows{{ranking.x, "measured", "simulated", "pairs as measured", "expected order, simulated"}};
  for (const RankedAt& at : ranking.at) {
    const bool judged = at.judgement != Judgement::kShown;
    const std::string held = at.simulated_against.empty() ? "holds" : join(at.simulated_against, ", ");
    rows.push_back({fmt::format("{:g}", at.x), at.measured, at.simulated,
                    fmt::format("{} of {}", at.alike, at.pairs), judged ? held : "-"});
  }
  return rows;
}

std::string ranking_line(const ComparedRanking& ranking) {
  std::size_t judged = 0, measured = 0, simulated = 0, alike = 0, pairs = 0;
  for (const RankedAt& at : ranking.at) {
    alike += at.alike;
    pairs += at.pairs;
    if (at.judgement == Judgement::kShown) continue;
    ++judged;
    measured += at.measured_against.empty();
    simulated += at.judgement == Judgement::kWithin;
  }
  std::string line = fmt::format("{}: differences under {:g} % are ties; {} of {} pairs stand as measured",
                                 ranking.ranking.name, 100 * ranking.ranking.tie, alike, pairs);
  if (judged > 0)
    line +=
        fmt::format("; from {:g} {} on the expected order holds at {} of {} as measured, at {} as simulated",
                    ranking.ranking.judged_from, ranking.x, measured, judged, simulated);
  return line + ".";
}

std::string markdown(const Rows& rows) {
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += "| " + join(rows[i], " | ") + " |\n";
    if (i == 0)
      text += "|" + std::string() + join(std::vector<std::string>(rows[0].size(), "---"), "|") + "|\n";
  }
  return text;
}

}  // namespace kvsim::validation
