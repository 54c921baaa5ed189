// SPDX-License-Identifier: Apache-2.0
// Prometheus' text format, as an engine's /metrics gives it, and OpenMetrics text with times.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.h"

namespace kvsim::validation {

using Labels = std::map<std::string, std::string, std::less<>>;

struct MetricSample {
  std::string name;
  Labels labels;
  double value = 0;                     // may be NaN or infinite, as the format allows
  std::optional<double> stamp_seconds;  // since 1970; most engines give none
  std::string series() const;           // name and labels, one text a series
};

// Samples whose names start with one of `prefixes`; other lines are not looked at. A line that cannot be read
// is a problem.
std::vector<MetricSample> parse_exposition(std::string_view text, const std::string& file,
                                           const std::vector<std::string>& prefixes, Problems& problems);

struct TimedValue {
  double seconds = 0;  // since 1970
  double value = 0;
};
struct TimedSeries {
  std::string name;
  Labels labels;
  std::vector<TimedValue> values;  // later and later; those that are finite
};

// OpenMetrics text (it ends with `# EOF`) whose samples carry times: many scrapes in one file.
bool is_timed_openmetrics(std::string_view text);

// Its series of vLLM, in the order in which they come. A line that cannot be read, carries no time or goes
// back in time is a problem.
std::vector<TimedSeries> parse_timed_openmetrics(std::string_view text, const std::string& file,
                                                 Problems& problems);

// A number of Prometheus: also NaN, +Inf, -Inf.
std::optional<double> parse_metric_value(std::string_view text);

}  // namespace kvsim::validation
