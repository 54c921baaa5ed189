// SPDX-License-Identifier: Apache-2.0
// What differs between two systems that were seen under the same seeds. What a seed does to both of them
// drops out of the differences, so that fewer seeds tell as much (common random numbers).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "sim/metrics/batch_means.h"
#include "sim/metrics/quantiles.h"

namespace kvsim::sim {

constexpr double kPairedLevel = 0.95;

struct PairedDifference {
  std::size_t pairs = 0;
  double a = kNotANumber;  // means over the pairs; NaN where there are none
  double b = kNotANumber;
  double difference = kNotANumber;   // of b - a
  std::optional<Interval> interval;  // of the mean difference, 95 %; nothing with fewer than two pairs
  std::optional<double> chance;      // of one so large, up or down, were there none (p); nothing likewise
};

// a[i] and b[i] are of one seed. Student's t with n - 1 degrees of freedom: exact where differences are
// normal. Where all are the same (a price), the interval has no width and the chance is 0, or 1 where they
// are 0.
PairedDifference paired_difference(const std::vector<double>& a, const std::vector<double>& b);

// Chances adjusted for there being many (Holm 1979), in their order: whichever are below x, the chance that
// any of those has no difference behind it is at most x, however they hang together.
std::vector<double> holm_adjusted(const std::vector<double>& chances);

}  // namespace kvsim::sim
