// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "sim/report/results_folder.h"
#include "sim/report/table_cells.h"

namespace kvsim::sim {
namespace {

bool is_latency(const std::string& metric) { return metric.starts_with("latency."); }

// "latency.ttft_seconds.p99" is "TTFT p99 [ms]", "power.mean_watts" "power mean watts".
std::string title_of(const std::string& metric) {
  std::string words = metric;
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c == '.' || c == '_'; }, ' ');
  if (!is_latency(metric)) return words;
  const std::vector<std::string_view> parts = split(words, ' ');  // latency, name, seconds, statistic
  std::string name(parts[1]);
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return fmt::format("{} {} [ms]", name, parts.back());
}

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
    rows.push_back({title_of(band.metric), shown(band.value),
                    fmt::format("{} to {}", shown(band.low), shown(band.high)), shown(band.median)});
  }
  return format_table(rows);
}

}  // namespace kvsim::sim
