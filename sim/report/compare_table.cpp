// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sim/report/compare.h"
#include "sim/report/compare_notes.h"
#include "sim/report/table_cells.h"

namespace kvsim::sim {
namespace {

std::string title(const ComparedFigure& figure) {
  const std::string metric = metric_title(figure.metric.path);
  return figure.kind.empty() ? metric : fmt::format("{} {}: {}", figure.kind, figure.name, metric);
}

std::string value_cell(const ComparedFigure& figure, double value, int digits) {
  if (value == 0) return "0";
  return digits_cell(is_latency(figure.metric.path) ? 1000 * value : value, digits);
}

std::string change_cell(const ComparedFigure& figure) {
  const std::optional<double> change = relative(figure, figure.paired.difference);
  return change ? fmt::format("{:+.1f} %", 100 * *change) : "-";
}

std::string interval_cell(const ComparedFigure& figure) {
  const std::optional<Interval>& interval = figure.paired.interval;
  if (!interval) return "-";
  const std::optional<double> low = relative(figure, interval->low), high = relative(figure, interval->high);
  if (low && high) return fmt::format("{:+.1f} to {:+.1f} %", 100 * *low, 100 * *high);
  return fmt::format("{} to {}", value_cell(figure, interval->low, 3), value_cell(figure, interval->high, 3));
}

std::string words(Finding finding) {
  if (finding == Finding::kNotSignificant) return "no significant difference";
  return finding == Finding::kUntested ? "one pair: not tested" : to_string(finding);
}

std::vector<std::string> row(const ComparedFigure& figure) {
  return {title(figure),
          value_cell(figure, figure.paired.a, 4),
          value_cell(figure, figure.paired.b, 4),
          value_cell(figure, figure.paired.difference, 3),
          change_cell(figure),
          interval_cell(figure),
          words(figure.finding)};
}

std::string side_line(const char* which, const CompareSideFacts& side) {
  return fmt::format("{}: {} ({}, {})\n", which, side.name, side.fleet, side.trace);
}

std::string not_shown(const Comparison& comparison, std::size_t shown) {
  std::size_t equal = 0;
  for (const ComparedFigure& figure : comparison.figures) equal += figure.finding == Finding::kEqual;
  const std::size_t rest = comparison.figures.size() - shown - equal;
  return fmt::format(
      "not shown: {} figures that are equal in every pair, {} without a significant difference "
      "(--all shows them)\n",
      equal, rest);
}

std::string how(const Comparison& comparison) {
  if (comparison.tested == 0) return "";
  return fmt::format(
      "each interval holds the mean of b - a over seeds with {:.0f} %, relative to a (Student's t); better "
      "and "
      "worse hold\ntogether with {:.0f} % (Holm; figures tested: {})\n",
      100 * kPairedLevel, 100 * kPairedLevel, comparison.tested);
}

}  // namespace

std::string compare_table(const Comparison& comparison, bool all) {
  Table rows{{"figure", "a", "b", "b - a", "change", "95 % interval", "b is"}};
  for (const ComparedFigure& figure : comparison.figures)
    if (all || differs(figure)) rows.push_back(row(figure));
  std::string text = side_line("a", comparison.a) + side_line("b", comparison.b) +
                     "paired: " + seeds_text(comparison.seeds) + "\n\n";
  text += rows.size() > 1 ? format_table(rows) : "nothing differs\n";
  text += '\n' + how(comparison);
  return all ? text : text + not_shown(comparison, rows.size() - 1);
}

}  // namespace kvsim::sim
