// SPDX-License-Identifier: Apache-2.0
// What a sweep found: one row for each point of a grid of settings, as CSV, JSON, page and table. The same
// rows give the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "base/json_writer.h"

namespace kvsim::sim {

struct SweepAxis {
  std::string key;                  // "pools.0.replicas"
  std::vector<std::string> values;  // as the user wrote them
};

struct SweepFigure {             // of one metric at one point, over seeds
  std::optional<double> mean;    // nothing where a seed's run failed or does not know the metric
  std::optional<double> spread;  // sample standard deviation; nothing with one seed
};
SweepFigure figure_over(const std::vector<std::optional<double>>& values);  // one for each seed

struct SweepPoint {
  std::vector<std::string> values;   // one for each axis
  std::vector<std::string> runs;     // digests, one for each seed: points/<digest>/summary.json
  std::vector<SweepFigure> figures;  // one for each metric
  std::string error;                 // of its first failed run; empty: none failed
};

struct Sweep {
  std::string fleet;  // as the user named them
  std::string trace;
  std::uint64_t seed = 1;  // the first
  std::uint64_t seeds = 1;
  std::vector<SweepAxis> axes;
  std::string x;  // key of the axis that the chart runs along
  std::vector<std::string> metrics;
  std::vector<SweepPoint> points;
};

// The first axis of several values that are numbers or amounts; else the first of several values; else the
// first.
const SweepAxis& natural_x(const std::vector<SweepAxis>& axes);

void write_sweep_csv(std::ostream& out, const Sweep& sweep);
void write_sweep_html(std::ostream& out, const Sweep& sweep);
void add_sweep(JsonWriter& json, const Sweep& sweep);  // one object
std::string sweep_table(const Sweep& sweep);           // for people, on a terminal

}  // namespace kvsim::sim
