// SPDX-License-Identifier: Apache-2.0
// Gaps between tokens, counted in 128 equal bins for each power of two from 2^-30 s to 2^14 s: a bin's centre
// is within 1/256 (0.4 %) of every gap in it. A bin's number is the top bits of the gap's double, so a row of
// steps added at once and the same steps added one by one give the same counts, whatever the rounding.
#pragma once

#include <cstdint>
#include <vector>

#include "models/step_time.h"
#include "sim/metrics/quantiles.h"

namespace kvsim::sim {

class GapHistogram {
 public:
  // `sequences` gaps of seconds.at(j) for each j = first_step .. last_step; growth >= 0. O(bins crossed * log
  // steps).
  void add(const models::Line& seconds, std::uint64_t first_step, std::uint64_t last_step,
           std::uint64_t sequences);
  void merge(const GapHistogram& other);

  std::uint64_t count() const { return count_; }
  double max_seconds() const { return max_; }
  // Linear between ranks over bin centres, within [smallest gap, largest gap]. NaN when empty.
  double quantile(double share) const;
  // Percentiles of the gaps beside a mean that the caller knows exactly.
  Distribution distribution(double mean) const;
  Statistics statistics(double mean) const;
  std::vector<double> cumulative() const;  // as in quantiles.h

  friend bool operator==(const GapHistogram&, const GapHistogram&) = default;

 private:
  void count_bin(std::uint32_t bin, std::uint64_t gaps);
  double value_of_rank(std::uint64_t rank) const;

  std::vector<std::uint64_t> bins_;  // of bins first_bin_, first_bin_ + 1, ...
  std::uint32_t first_bin_ = 0;
  std::uint64_t count_ = 0;
  double min_ = 0;
  double max_ = 0;
};

}  // namespace kvsim::sim
