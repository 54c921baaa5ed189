// SPDX-License-Identifier: Apache-2.0
// A case simulated, and each measured figure beside what the simulation gives.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/metrics/summary.h"
#include "validation/case.h"

namespace kvsim::validation {

struct ComparedFigure {
  MeasuredFigure measured;
  std::optional<double> simulated;  // nothing: the run gives no such figure
  // (simulated - measured) / measured; nothing where one of them is missing or measured is 0.
  std::optional<double> error() const;
};

struct ComparedSeries {
  MeasuredSeries measured;
  std::vector<double> simulated;  // at the same moments; 0 after the run's end
  double mean_absolute_difference() const;
};

struct CaseResult {
  std::string name;
  std::string about;
  std::string source;
  std::string date;
  std::vector<ComparedFigure> figures;
  std::vector<ComparedSeries> series;
  sim::Summary summary;
};

// Simulates the case once with its seed.
CaseResult run_case(const Case& measured_case);

// The figure of a summary that a metric, statistic and stage name.
std::optional<double> figure_of(const sim::Summary& summary, const MeasuredFigure& figure);

}  // namespace kvsim::validation
