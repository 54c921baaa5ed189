// SPDX-License-Identifier: Apache-2.0
#include "sim/report/table_cells.h"

#include <fmt/format.h>

#include <cmath>

namespace kvsim::sim {

std::string number_cell(double value, int decimals) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : "-";
}

std::string percent_cell(double share) {
  return std::isfinite(share) ? fmt::format("{:.1f} %", share * 100) : "-";
}

std::string milliseconds_cell(double seconds) { return number_cell(seconds * 1000, seconds < 0.1 ? 2 : 0); }

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
