// SPDX-License-Identifier: Apache-2.0
// A measured figure or curve beside what the simulation gives for it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validation/case.h"

namespace kvsim::validation {

enum class Judgement { kShown, kWithin, kOutside };  // shown: no tolerance is given, or nothing to compare

struct Spread {  // over the seeds of a run
  double least = 0;
  double most = 0;
};

struct ComparedFigure {
  MeasuredFigure measured;
  std::optional<double> simulated;  // mean over seeds; nothing: a run gives no such figure
  std::optional<Spread> spread;     // nothing: one seed
  // (simulated - measured) / measured; nothing where one of them is missing or measured is 0.
  std::optional<double> error() const;
  Judgement judgement() const;
};

struct ComparedSeries {
  MeasuredSeries measured;
  std::vector<double> simulated;  // at the same moments, means over seeds; 0 after the run's end
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
  std::vector<std::optional<Spread>> spread;         // likewise
  std::optional<double> error(std::size_t i) const;  // relative; of an absolute tolerance the difference
  Judgement judgement(std::size_t i) const;
};

}  // namespace kvsim::validation
