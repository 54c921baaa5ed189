// SPDX-License-Identifier: Apache-2.0
// Sums that do not depend on the order of their terms, so that no result depends on how work was cut into
// pieces.
#pragma once

#include <cstdint>

namespace kvsim::sim {

__extension__ typedef __int128 Int128;

// Terms are cut to multiples of 2^-32; |term| < 2^63 and 2^32 terms fit.
class ExactSum {
 public:
  void add(double term) { total_ += static_cast<Int128>(term * kScale); }
  double value() const { return static_cast<double>(total_) / kScale; }

 private:
  static constexpr double kScale = 4294967296.0;
  Int128 total_ = 0;
};

}  // namespace kvsim::sim
