// SPDX-License-Identifier: Apache-2.0
// A case simulated, and each measured figure beside what the simulation gives.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/metrics/summary.h"
#include "validation/case.h"

namespace kvsim::validation {

enum class Judgement { kShown, kWithin, kOutside };  // shown: no tolerance is given, or nothing to compare

struct ComparedFigure {
  MeasuredFigure measured;
  std::optional<double> simulated;  // nothing: the run gives no such figure
  // (simulated - measured) / measured; nothing where one of them is missing or measured is 0.
  std::optional<double> error() const;
  Judgement judgement() const;
};

struct ComparedSeries {
  MeasuredSeries measured;
  std::vector<double> simulated;  // at the same moments; 0 after the run's end
  double mean_absolute_difference() const;
};

struct ComparedPoint {
  std::string name;
  std::vector<ComparedFigure> figures;
  std::vector<ComparedSeries> series;
};

struct ComparedCurve {
  Curve measured;
  std::vector<std::optional<double>> simulated;      // one for each value, in the curve's unit
  std::optional<double> error(std::size_t i) const;  // relative; of an absolute tolerance the difference
  Judgement judgement(std::size_t i) const;
};

struct CaseResult {
  std::string name;
  std::string about;
  SourceOf source;
  std::vector<ComparedPoint> points;
  std::vector<ComparedCurve> curves;
  sim::Summary summary;  // of the first run; empty where nothing was simulated
};

// Told before each run: what it is, and the share of runs done.
using Progress = std::function<void(double share, const std::string& what)>;

// Simulates every run of the case with its seed, one after the other.
CaseResult run_case(const Case& measured_case, const Progress& progress = {});

}  // namespace kvsim::validation
