// SPDX-License-Identifier: Apache-2.0
// A stage's figure from the other stages of its run.
#pragma once

#include "validation/baselines/baseline.h"

namespace kvsim::validation {

struct RateValue {
  double rate = 0;
  double value = 0;
};

// On the line through the neighbours of `rate`; beyond all points through the nearest two. Points of one
// rate: their mean. Fewer than two points: nothing.
std::optional<double> interpolated(std::vector<RateValue> points, double rate);

// Every other stage at a rate that has the figure. A figure of the whole run: nothing.
std::optional<double> predict_by_interpolation(const BaselineInput& input, const MeasuredFigure& figure);

}  // namespace kvsim::validation
