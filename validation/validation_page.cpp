// SPDX-License-Identifier: Apache-2.0
#include "validation/validation_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "validation/profile_errors.h"
#include "validation/summary_page.h"
#include "validation/summary_tables.h"

namespace kvsim::validation {
namespace {

// About 20 moments of each series side by side.
std::string series_table(const ComparedPoint& point) {
  if (point.series.empty()) return "";
  const ComparedSeries& first = point.series.front();
  const std::size_t step = std::max<std::size_t>(1, first.simulated.size() / 20);
  Rows rows{{"seconds"}};
  for (const ComparedSeries& series : point.series) {
    rows[0].push_back(series.measured.metric + " measured");
    rows[0].push_back("simulated");
  }
  for (std::size_t i = step - 1; i < first.simulated.size(); i += step) {
    rows.push_back({number(first.measured.every_seconds * static_cast<double>(i + 1))});
    for (const ComparedSeries& series : point.series) {
      const bool there = i < series.simulated.size();
      rows.back().push_back(number(there ? std::optional(series.measured.values[i]) : std::nullopt));
      rows.back().push_back(number(there ? std::optional(series.simulated[i]) : std::nullopt));
    }
  }
  std::string text = "\n" + markdown(rows) + "\n";
  for (const ComparedSeries& series : point.series)
    text += fmt::format("Mean absolute difference of `{}` over all {} samples: {:.1f}.\n",
                        series.measured.metric, series.simulated.size(), series.mean_absolute_difference());
  return text;
}

using ErrorsByName = std::vector<std::pair<std::string, std::vector<double>>>;

void add_error(ErrorsByName& errors, const std::string& name, std::optional<double> error) {
  if (!error) return;
  const auto found =
      std::find_if(errors.begin(), errors.end(), [&](const auto& entry) { return entry.first == name; });
  if (found == errors.end())
    errors.push_back({name, {*error}});
  else
    found->second.push_back(*error);
}

// Relative errors by metric, and of what curves judge.
ErrorsByName errors_of(const CaseResult& result) {
  ErrorsByName errors;
  for (const ComparedPoint& point : result.points)
    for (const ComparedFigure& figure : point.figures)
      add_error(errors, label_of(figure.measured), figure.error());
  for (const ComparedCurve& curve : result.curves)
    for (std::size_t i = 0; i < curve.simulated.size() && !curve.measured.absolute; ++i)
      if (curve.judgement(i) != Judgement::kShown) add_error(errors, curve.measured.name, curve.error(i));
  return errors;
}

// Bias and size of the errors of each case's metrics.
std::string overview(const std::vector<CaseResult>& results) {
  Rows rows{{"case", "metric or curve", "figures", "median error", "median size of error"}};
  for (const CaseResult& result : results) {
    for (const auto& [name, errors] : errors_of(result)) {
      std::vector<double> sizes;
      for (const double error : errors) sizes.push_back(std::abs(error));
      rows.push_back({result.name, name, std::to_string(errors.size()), percent(sim::median(errors)),
                      size_percent(sim::median(sizes))});
    }
  }
  return markdown(rows);
}

std::string curve_section(const ComparedCurve& curve) {
  std::string text =
      fmt::format("\n### {}\n\n{} by {}.\n\n", curve.measured.name, curve.measured.y, curve.measured.x);
  text += markdown(curve_rows(curve)) + "\n" + curve_line(curve) + "\n";
  if (!curve.measured.explained.empty()) text += "\n" + curve.measured.explained + "\n";
  return text;
}

std::string ranking_section(const ComparedRanking& ranking) {
  std::string text = fmt::format("\n### {}\n\n{}\n{}\n", ranking.ranking.name,
                                 markdown(ranking_rows(ranking)), ranking_line(ranking));
  if (!ranking.ranking.explained.empty()) text += "\n" + ranking.ranking.explained + "\n";
  return text;
}

// Tables of a point below its figures; `write` gives a table its form.
template <class Write>
std::string tables_below(const ComparedPoint& point, Write write) {
  std::string text;
  if (!point.requests.empty()) text += "\n" + write(request_rows(point.requests));
  if (const Rows stages = stage_rows(point); stages.size() > 1) text += "\n" + write(stages);
  if (!point.slo_rates.empty()) text += "\n" + write(slo_rows(point.slo_rates));
  return text;
}

std::string section(const CaseResult& result) {
  std::string text = fmt::format("\n## {}\n\n{}\n\nMeasured: {} ({}).\n\n", result.name, result.about,
                                 result.source.title, result.source.date);
  if (!result.not_run.empty()) return text + "Not run: " + result.not_run + ".\n";
  if (result.seeds > 1)
    text += fmt::format("Figures are means over {} seeds; least and most beside them.\n\n", result.seeds);
  for (const ComparedRanking& ranking : result.rankings) text += ranking_section(ranking);
  for (const ComparedPoint& point : result.points) {
    if (!point.name.empty()) text += fmt::format("\n### {}\n\n", point.name);
    text += markdown(figure_rows(point.figures)) + tables_below(point, markdown) + series_table(point);
  }
  for (const ComparedCurve& curve : result.curves) text += curve_section(curve);
  if (!result.validity.empty()) text += "\nTo know before using these figures:\n\n";
  for (const sim::Note& note : result.validity) text += "- " + note.what + ": " + note.reason + "\n";
  return text;
}

}  // namespace

std::string comparison_table(const CaseResult& result) {
  std::string text = result.name + "\n";
  if (!result.not_run.empty()) return text + "not run: " + result.not_run + "\n";
  for (const ComparedPoint& point : result.points) {
    if (!point.name.empty()) text += "\n" + point.name + "\n";
    text += format_table(figure_rows(point.figures)) + tables_below(point, format_table);
    for (const ComparedSeries& series : point.series)
      text += fmt::format("{} by time: mean absolute difference {:.1f} over {} samples\n",
                          series.measured.metric, series.mean_absolute_difference(), series.simulated.size());
  }
  for (const ComparedCurve& curve : result.curves) {
    text += fmt::format("\n{}: {} by {}\n{}{}\n", curve.measured.name, curve.measured.y, curve.measured.x,
                        format_table(curve_rows(curve)), curve_line(curve));
    if (!curve.measured.explained.empty()) text += curve.measured.explained + "\n";
  }
  for (const ComparedRanking& ranking : result.rankings)
    text += fmt::format("\n{}\n{}{}\n", ranking.ranking.name, format_table(ranking_rows(ranking)),
                        ranking_line(ranking));
  return text;
}

std::string validation_page(const std::vector<CaseResult>& results, const models::ProfileLibrary& library) {
  std::string text =
      "# How far off kvsim is\n\n"
      "Measured runs, simulated. `kvsim validate --page docs/validation.md validation/cases/*/case.yaml` "
      "writes this\n"
      "page. Error is (simulated - measured) / measured. A case says under its table what was a prior.\n"
      "Columns of baselines in the tables of cases give their errors.\n";
  text +=
      summary_sections(results) + profile_errors_section(library) + "\n## By case\n\n" + overview(results);
  for (const CaseResult& result : results) text += section(result);
  return text;
}

}  // namespace kvsim::validation
