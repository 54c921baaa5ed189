// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.h"
#include "sim/report/results_folder.h"
#include "sim/report/table_cells.h"

namespace kvsim::sim {
namespace {

std::string cell(const std::string& metric, double value) {
  if (is_latency(metric)) return milliseconds_cell(value);
  if (metric.ends_with("ratio") || metric.ends_with("attainment")) return percent_cell(value);
  return number_cell(value, 2);
}

}  // namespace

std::string uncertainty_table(const Uncertainty& uncertainty) {
  const std::string band_title =
      fmt::format("{:.0f} % band of {} draws", 100 * band_interval(uncertainty.draws), uncertainty.draws);
  Table rows{{"uncertainty of step times", "value", band_title, "median"}};
  for (const Band& band : uncertainty.bands) {
    const auto shown = [&band](double value) { return cell(band.metric, value); };
    rows.push_back({metric_title(band.metric), shown(band.value),
                    fmt::format("{} to {}", shown(band.low), shown(band.high)), shown(band.median)});
  }
  return format_table(rows);
}

}  // namespace kvsim::sim
