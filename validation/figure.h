// SPDX-License-Identifier: Apache-2.0
// One measured figure of a case.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/fields.h"
#include "validation/metrics.h"

namespace kvsim::validation {

struct SourceOf {
  std::string title;
  std::string date;
};

struct MeasuredFigure {
  std::string metric;
  std::string statistic;               // empty for a metric without statistics
  double value = 0;                    // in the metric's own unit: seconds, 1/s, share, count
  std::optional<std::uint32_t> stage;  // nothing: the whole run
  double noise = 0;                    // relative, one sigma of repeated measurement: 0.1 is 10 %
  std::optional<double> tolerance;     // relative: how far off the simulation may be
  // Gaps that the measuring tool counted for each token, of itl_seconds: the simulation's are divided so.
  double gaps_per_token = 1;
  SourceOf source;
  bool compared = true;  // false: kept for the record
};

std::string label_of(const MeasuredFigure& figure);  // "ttft_seconds mean"

constexpr double kLargestValue = 1e15;  // of anything measured

SourceOf read_source(Fields& fields, const std::optional<SourceOf>& above);  // the key `source`
MeasuredFigure read_figure(Fields& entry, const SourceOf& of_case);

// Parts of a figure that curves have too.
const Metric& read_metric(Fields& entry);
std::string read_statistic(Fields& entry, const Metric& metric);
double read_unit(Fields& entry, Quantity quantity);  // its factor
double read_gaps_per_token(Fields& entry, const Metric& metric);
std::optional<std::uint32_t> read_stage(Fields& entry);

}  // namespace kvsim::validation
