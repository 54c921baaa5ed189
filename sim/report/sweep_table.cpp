// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sim/report/sweep.h"
#include "sim/report/table_cells.h"

namespace kvsim::sim {
namespace {

std::string figure_cell(const SweepFigure& figure) {
  if (!figure.mean) return "-";
  return digits_cell(*figure.mean, 4) + (figure.spread ? " ± " + digits_cell(*figure.spread, 2) : "");
}

// "latency.ttft_seconds.mean" as "ttft_seconds.mean", where no other metric ends so.
std::string short_name(const std::string& metric, const std::vector<std::string>& metrics) {
  const std::string end = metric.substr(metric.find('.') + 1);
  if (parse_integer(end.substr(0, end.find('.')))) return metric;  // a place in a list
  const auto ends_so = [&](const std::string& other) { return other.ends_with(end); };
  return std::count_if(metrics.begin(), metrics.end(), ends_so) == 1 ? end : metric;
}

std::vector<std::size_t> shown_axes(const std::vector<SweepAxis>& axes) {
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < axes.size(); ++i)
    if (axes[i].values.size() > 1) shown.push_back(i);
  if (shown.empty()) shown.push_back(0);
  return shown;
}

}  // namespace

std::string sweep_table(const Sweep& sweep) {
  const std::vector<std::size_t> shown = shown_axes(sweep.axes);
  Table rows(1);
  for (const std::size_t axis : shown) rows[0].push_back(sweep.axes[axis].key);
  for (const std::string& metric : sweep.metrics) rows[0].push_back(short_name(metric, sweep.metrics));
  for (const SweepPoint& point : sweep.points) {
    std::vector<std::string> row;
    for (const std::size_t axis : shown) row.push_back(point.values[axis]);
    for (const SweepFigure& figure : point.figures) row.push_back(figure_cell(figure));
    rows.push_back(std::move(row));
  }
  return format_table(rows);
}

}  // namespace kvsim::sim
