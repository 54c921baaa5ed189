// SPDX-License-Identifier: Apache-2.0
#include "sim/report/csv.h"

#include <fmt/format.h>

#include <cmath>

namespace kvsim::sim {

std::string csv_text(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char letter : text) {
    if (letter == '"') quoted += '"';
    quoted += letter;
  }
  return quoted + '"';
}

std::string csv_number(double number) { return std::isfinite(number) ? fmt::format("{}", number) : ""; }

std::string csv_seconds(Nanoseconds time) {
  if (time == kNever) return "";
  const bool negative = time < 0;
  const Nanoseconds size = negative ? -time : time;
  return fmt::format("{}{}.{:09}", negative ? "-" : "", size / kNanosecondsPerSecond,
                     size % kNanosecondsPerSecond);
}

}  // namespace kvsim::sim
