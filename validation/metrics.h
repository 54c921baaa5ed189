// SPDX-License-Identifier: Apache-2.0
// The metrics that a case may measure, their units and statistics.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kvsim::validation {

enum class Quantity { kSeconds, kPerSecond, kShare, kCount };

struct Metric {
  std::string_view name;  // as in docs/case.md and summary.json
  Quantity quantity;      // its unit once read: s, 1/s, 0..1, a count
  bool has_statistics;    // mean and percentiles; else one value
  std::string_view meaning;
};
const std::vector<Metric>& metrics();
const Metric* find_metric(std::string_view name);  // nullptr: unknown
std::vector<std::string> metric_names();
const std::vector<std::string>& statistics();  // "mean", "p50", ...

struct Unit {
  std::string name;
  double factor;  // to the unit once read
};
const std::vector<Unit>& units_of(Quantity quantity);  // the first is that of a figure without `unit`

}  // namespace kvsim::validation
