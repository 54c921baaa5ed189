// SPDX-License-Identifier: Apache-2.0
// The figure of a summary that a metric, statistic and stage name.
#pragma once

#include <optional>

#include "sim/metrics/summary.h"
#include "validation/figure.h"

namespace kvsim::validation {

std::optional<double> figure_of(const sim::Summary& summary, const MeasuredFigure& figure);

}  // namespace kvsim::validation
