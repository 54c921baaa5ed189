// SPDX-License-Identifier: Apache-2.0
#include "validation/validation_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace kvsim::validation {
namespace {

std::string number(const std::optional<double>& value) { return value ? fmt::format("{:.4g}", *value) : "-"; }
std::string percent(const std::optional<double>& value) {
  return value ? fmt::format("{:+.1f} %", 100 * *value) : "-";
}

std::vector<std::vector<std::string>> rows_of(const CaseResult& result) {
  std::vector<std::vector<std::string>> rows{
      {"metric", "statistic", "stage", "measured", "simulated", "error"}};
  for (const ComparedFigure& figure : result.figures)
    rows.push_back({figure.measured.metric,
                    figure.measured.statistic.empty() ? "-" : figure.measured.statistic,
                    figure.measured.stage ? std::to_string(*figure.measured.stage) : "-",
                    number(figure.measured.value), number(figure.simulated), percent(figure.error())});
  return rows;
}

std::string markdown(const std::vector<std::vector<std::string>>& rows) {
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += "| " + join(rows[i], " | ") + " |\n";
    if (i == 0)
      text += "|" + std::string() + join(std::vector<std::string>(rows[0].size(), "---"), "|") + "|\n";
  }
  return text;
}

// About 20 moments of each series side by side.
std::string series_table(const CaseResult& result) {
  if (result.series.empty()) return "";
  const ComparedSeries& first = result.series.front();
  const std::size_t step = std::max<std::size_t>(1, first.simulated.size() / 20);
  std::vector<std::vector<std::string>> rows{{"seconds"}};
  for (const ComparedSeries& series : result.series) {
    rows[0].push_back(series.measured.metric + " measured");
    rows[0].push_back("simulated");
  }
  for (std::size_t i = step - 1; i < first.simulated.size(); i += step) {
    rows.push_back({number(first.measured.every_seconds * static_cast<double>(i + 1))});
    for (const ComparedSeries& series : result.series) {
      const bool there = i < series.simulated.size();
      rows.back().push_back(number(there ? std::optional(series.measured.values[i]) : std::nullopt));
      rows.back().push_back(number(there ? std::optional(series.simulated[i]) : std::nullopt));
    }
  }
  std::string text = "\n" + markdown(rows) + "\n";
  for (const ComparedSeries& series : result.series)
    text += fmt::format("Mean absolute difference of `{}` over all {} samples: {:.1f}.\n",
                        series.measured.metric, series.simulated.size(), series.mean_absolute_difference());
  return text;
}

double median(std::vector<double> values) { return sim::quantiles(values, {0.5}).front(); }

// Bias and size of the errors of each case's metrics.
std::string overview(const std::vector<CaseResult>& results) {
  std::vector<std::vector<std::string>> rows{
      {"case", "metric", "figures", "median error", "median size of error"}};
  for (const CaseResult& result : results) {
    std::vector<std::string> names;
    for (const ComparedFigure& figure : result.figures)
      if (std::find(names.begin(), names.end(), figure.measured.metric) == names.end())
        names.push_back(figure.measured.metric);
    for (const std::string& name : names) {
      std::vector<double> errors, sizes;
      for (const ComparedFigure& figure : result.figures)
        if (figure.measured.metric == name && figure.error()) errors.push_back(*figure.error());
      for (const double error : errors) sizes.push_back(std::abs(error));
      if (!errors.empty())
        rows.push_back({result.name, name, std::to_string(errors.size()), percent(median(errors)),
                        fmt::format("{:.1f} %", 100 * median(sizes))});
    }
  }
  return markdown(rows);
}

std::string section(const CaseResult& result) {
  std::string text = fmt::format("\n## {}\n\n{}\n\nMeasured: {} ({}).\n\n", result.name, result.about,
                                 result.source, result.date);
  text += markdown(rows_of(result)) + series_table(result) + "\nTo know before using these figures:\n\n";
  for (const sim::Note& note : result.summary.validity) text += "- " + note.what + ": " + note.reason + "\n";
  return text;
}

}  // namespace

std::string comparison_table(const CaseResult& result) {
  std::string text = result.name + "\n" + format_table(rows_of(result));
  for (const ComparedSeries& series : result.series)
    text += fmt::format("{} by time: mean absolute difference {:.1f} over {} samples\n",
                        series.measured.metric, series.mean_absolute_difference(), series.simulated.size());
  return text;
}

std::string validation_page(const std::vector<CaseResult>& results) {
  std::string text =
      "# How far off kvsim is\n\n"
      "Measured runs, simulated. `kvsim validate --page docs/validation.md validation/cases/*/case.yaml` "
      "writes this\n"
      "page. Error is (simulated - measured) / measured. A case says under its table what was a prior.\n\n";
  text += overview(results);
  for (const CaseResult& result : results) text += section(result);
  return text;
}

}  // namespace kvsim::validation
