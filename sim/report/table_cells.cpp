// SPDX-License-Identifier: Apache-2.0
#include "sim/report/table_cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "base/text.h"

namespace kvsim::sim {

std::string number_cell(double value, int decimals) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : "-";
}

std::string digits_cell(double value, int digits) {
  const double size = std::abs(value);
  if (size != 0 && (size < 1e-4 || size >= 1e12)) return fmt::format("{:.{}e}", value, digits - 1);
  int decimals = digits;
  for (double limit = 1; decimals > 0 && size >= limit; limit *= 10) --decimals;
  for (double limit = 0.1; size != 0 && size < limit; limit /= 10) ++decimals;
  return number_cell(value, decimals);
}

std::string percent_cell(double share) {
  return std::isfinite(share) ? fmt::format("{:.1f} %", share * 100) : "-";
}

std::string milliseconds_cell(double seconds) { return number_cell(seconds * 1000, seconds < 0.1 ? 2 : 0); }

bool is_latency(const std::string& metric) { return metric.starts_with("latency."); }

std::string metric_title(const std::string& metric) {
  std::string words = metric;
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c == '.' || c == '_'; }, ' ');
  if (!is_latency(metric)) return words;
  const std::vector<std::string_view> parts = split(words, ' ');  // latency, name, seconds, statistic
  std::string name(parts[1]);
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return fmt::format("{} {} [ms]", name, parts.back());
}

std::string bytes_cell(double bytes) {
  if (!std::isfinite(bytes)) return "-";
  constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t unit = 0;
  for (; std::abs(bytes) >= 999.5 && unit + 1 < std::size(kUnits); ++unit) bytes /= 1000;
  return fmt::format("{:.{}f} {}", bytes, unit == 0 ? 0 : 2, kUnits[unit]);
}

std::string duration_cell(double seconds) {
  if (!std::isfinite(seconds)) return "-";
  if (seconds < 600) return fmt::format("{:.1f} s", seconds);
  return seconds < 172800 ? fmt::format("{:.1f} h", seconds / 3600)
                          : fmt::format("{:.1f} d", seconds / 86400);
}

}  // namespace kvsim::sim
