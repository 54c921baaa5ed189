// SPDX-License-Identifier: Apache-2.0
// A measured run as a YAML: the fleet it ran on, the workload it got, and what was measured, with sources.
// docs/case.md describes the file; `kvsim validate` simulates it and prints the error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "sim/scenario/load_fleet.h"

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
const std::vector<std::string>& statistics();      // "mean", "p50", ...

struct MeasuredFigure {
  std::string metric;
  std::string statistic;               // empty for a metric without statistics
  double value = 0;                    // in the metric's own unit: seconds, 1/s, share, count
  std::optional<std::uint32_t> stage;  // nothing: the whole run
  double noise = 0;                    // relative, one sigma of repeated measurement: 0.1 is 10 %
  std::string source;                  // of this figure
  std::string date;
  bool compared = true;  // false: kept for the record
};

// A gauge over time, as it was sampled: values[i] at (i + 1) * every_seconds after the first arrival.
struct MeasuredSeries {
  std::string metric;  // "running_requests" or "waiting_requests"
  double every_seconds = 1;
  std::vector<double> values;
};

struct Case {
  std::string file;
  std::string name;
  std::string about;
  std::string source;
  std::string date;
  sim::Fleet fleet;
  std::string workload;  // path, ready to open
  std::uint64_t seed = 1;
  std::vector<MeasuredFigure> figures;
  std::vector<MeasuredSeries> series;
};

// All problems at once, those of the fleet included (InputError). Paths are looked up from the case's own
// folder.
Case load_case(const std::string& path, const sim::FleetInputs& inputs);
Case read_case(const Document& document, const sim::FleetInputs& inputs);

}  // namespace kvsim::validation
