// SPDX-License-Identifier: Apache-2.0
// The largest rate at which a metric stays under a bound: of a ladder of stages, measured or simulated, by
// one formula.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validation/figure.h"

namespace kvsim::validation {

struct SloRate {  // what a case asks for
  std::string name;
  std::string metric;
  std::string statistic;
  double below = 0;  // in the metric's own unit; a stage meets it with a value under it
};

enum class Bound { kExact, kAtLeast, kBelow };  // below: strictly less

struct Bounded {
  double value = 0;
  Bound bound = Bound::kExact;
};

struct RatePoint {
  double rate = 0;
  double value = 0;  // infinite: the stage has no such figure, and does not meet the bound
};

// In order of rate: on the line between the first stage that misses the bound and the one before it. None
// misses it: at least the largest rate; the first does: below the smallest. No points: nothing.
std::optional<Bounded> rate_under(std::vector<RatePoint> points, double below);

// simulated / measured - 1. Where one of them is only a bound, or both are in opposite directions, a bound of
// the error; where both are in the same direction, or the measured rate is 0, nothing.
std::optional<Bounded> error_of_rates(const Bounded& measured, const Bounded& simulated);

// Of a ladder's stages: `name` has a default of its own.
SloRate read_slo_rate(Fields& entry);
bool of_slo(const MeasuredFigure& figure, const SloRate& slo);  // a stage's figure of its metric

}  // namespace kvsim::validation
