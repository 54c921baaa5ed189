// SPDX-License-Identifier: Apache-2.0
#include "validation/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/text.h"
#include "validation/baselines/baseline.h"

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

std::string share(double value) { return value > 0 ? fmt::format("{:g} %", 100 * value) : "-"; }

struct FigureColumn {
  std::string name;
  std::function<std::string(const ComparedFigure&)> cell;
  bool always = false;  // else left out where all cells are "-"
};

std::vector<FigureColumn> figure_columns() {
  using Figure = ComparedFigure;
  std::vector<FigureColumn> columns{
      {"metric", [](const Figure& figure) { return figure.measured.metric; }, true},
      {"statistic",
       [](const Figure& figure) {
         return figure.measured.statistic.empty() ? "-" : figure.measured.statistic;
       },
       true},
      {"stage",
       [](const Figure& figure) {
         return figure.measured.stage ? std::to_string(*figure.measured.stage) : "-";
       },
       true},
      {"rate", [](const Figure& figure) { return number(figure.rate); }},
      {"saturated", [](const Figure& figure) { return yes_or_no(figure.saturated); }},
      {"measured", [](const Figure& figure) { return number(figure.measured.value); }, true},
      {"simulated", [](const Figure& figure) { return number(figure.simulated); }, true},
      {"over seeds", [](const Figure& figure) { return range(figure.spread); }},
      {"error", [](const Figure& figure) { return percent(figure.error()); }, true},
      {"noise", [](const Figure& figure) { return share(figure.measured.noise); }},
      {"within", [](const Figure& figure) { return yes_or_no(figure.within_noise()); }},
      {"tolerance", [](const Figure& figure) { return share(figure.measured.tolerance.value_or(0)); }},
      {"verdict", [](const Figure& figure) { return word(figure.judgement()); }}};
  for (std::size_t i = 0; i < baselines().size(); ++i)
    columns.push_back({std::string(baselines()[i].name), [i](const Figure& figure) {
                         return i < figure.by_baseline.size()
                                    ? percent(figure.error_of(figure.by_baseline[i]))
                                    : "-";
                       }});
  return columns;
}

}  // namespace

std::string yes_or_no(std::optional<bool> value) { return !value ? "-" : *value ? "yes" : "no"; }

std::string number(const std::optional<double>& value) {
  if (!value) return "-";
  const bool whole = std::abs(*value) >= 1000 && std::abs(*value) < 1e9;
  return whole ? fmt::format("{:.0f}", *value) : fmt::format("{:.4g}", *value);
}

std::string percent(const std::optional<double>& value) {
  return value ? fmt::format("{:+.1f} %", 100 * *value) : "-";
}

std::string size_percent(const std::optional<double>& value) {
  return value ? fmt::format("{:.1f} %", 100 * *value) : "-";
}

std::vector<std::string> fit_error_header() {
  return {"metric", "held out", "figures", "median error", "median size of error"};
}

std::vector<std::string> fit_error_cells(const models::FitError& error) {
  return {error.metric, error.held_out.empty() ? "-" : error.held_out, std::to_string(error.figures),
          percent(error.median_error), size_percent(error.median_absolute_error)};
}

Rows figure_rows(const std::vector<ComparedFigure>& figures) {
  std::vector<FigureColumn> columns = figure_columns();
  std::erase_if(columns, [&](const FigureColumn& column) {
    return !column.always && std::all_of(figures.begin(), figures.end(), [&](const ComparedFigure& figure) {
      return column.cell(figure) == "-";
    });
  });
  Rows rows(1 + figures.size());
  for (const FigureColumn& column : columns) {
    rows[0].push_back(column.name);
    for (std::size_t i = 0; i < figures.size(); ++i) rows[i + 1].push_back(column.cell(figures[i]));
  }
  return rows;
}

Rows request_rows(const std::vector<ComparedRequests>& requests) {
  Rows rows{{"requests one by one", "part", "completed", "median error", "median size", "p90 of size"}};
  for (const ComparedRequests& each : requests) {
    const std::vector<double> errors = each.errors();
    const std::optional<SizesOfErrors> sizes = sizes_of(errors);
    rows.push_back({each.measured.metric, each.measured.part.empty() ? "-" : each.measured.part,
                    fmt::format("{} of {}", errors.size(), each.simulated.size()),
                    percent(sizes ? std::optional(sizes->median_error) : std::nullopt),
                    sizes ? fmt::format("{:.1f} %", 100 * sizes->median_size) : "-",
                    sizes ? fmt::format("{:.1f} %", 100 * sizes->p90_size) : "-"});
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
                     error_of(curve.measured, sim::median(errors)),
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
