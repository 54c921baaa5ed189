// SPDX-License-Identifier: Apache-2.0
// The priors of the whole catalog against published points: bias and spread of their step times, and of what
// nothing can be said.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "models/profile_library.h"
#include "validation/serving_points/point_setup.h"

namespace kvsim::validation {

struct CheckedPoint {
  int line = 0;  // of the file
  std::string accelerator, model, load, engine, year, quality;
  double simulated_seconds = 0, measured_seconds = 0;
  double error() const { return (simulated_seconds - measured_seconds) / measured_seconds; }  // +: too slow
};

struct ErrorSpread {
  std::size_t points = 0;
  double bias = 0;           // median signed error
  double low = 0, high = 0;  // 10th and 90th percentile
};

struct PointGroup {  // all of an accelerator, or of one kind of load, engine and year on it
  std::string accelerator, load, engine, year;
  std::set<std::string> qualities;  // as the sources have them
  ErrorSpread errors;
};

struct PointSource {
  std::string name, date;
  std::size_t rows = 0, used = 0;
};

struct PriorCheck {
  std::size_t rows = 0;
  std::vector<CheckedPoint> points;
  std::vector<PointSource> sources;                                    // by name and date
  std::map<std::string, std::map<std::string, std::size_t>> unusable;  // rows by reason and detail
  std::vector<std::string> unchecked;                                  // accelerators without a point
};

// With the priors of `profiles` alone, whatever has been measured.
PriorCheck check_priors(const std::vector<ServingPoint>& points, const Catalog& catalog,
                        const models::ModelLibrary& library, const models::ProfileLibrary& profiles);

ErrorSpread spread_of(const std::vector<double>& errors);  // of one or more
std::vector<PointGroup> by_accelerator(const std::vector<CheckedPoint>& points);
std::vector<PointGroup> by_engine(const std::vector<CheckedPoint>& points);  // and load and year

}  // namespace kvsim::validation
