// SPDX-License-Identifier: Apache-2.0
// Where a figure lies over runs that differ by a draw.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/metrics/quantiles.h"

namespace kvsim::sim {

// The band of N draws: share q lies at position q (N + 1) of the sorted values, so that one more draw falls
// between low (5 %) and high (95 %) with 90 %; with fewer than 19 draws they are the least and the greatest.
struct Band {
  std::string metric;          // dotted path in summary.json
  double value = kNotANumber;  // of the run itself, at best values; NaN: unknown
  double low = kNotANumber;
  double median = kNotANumber;
  double high = kNotANumber;
  std::uint64_t draws = 0;  // in which the figure is known
};

Band band_of(const std::string& metric, std::optional<double> value, std::vector<double> draws);

// The chance that one more draw falls into the band of so many: 0.9, or (N - 1) / (N + 1) of fewer than 19.
double band_interval(std::uint64_t draws);

}  // namespace kvsim::sim
