// SPDX-License-Identifier: Apache-2.0
// Which of `count` items is asked for: item k (from 0) with weight (k + 1)^-exponent; 0 is uniform, 1 Zipf's
// law.
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"

namespace kvsim::traces {

class Popularity {
 public:
  Popularity(std::uint32_t count, double exponent);
  std::uint32_t sample(RandomStream& random) const;

 private:
  struct Cell {
    double keep;          // share of draws of this cell that stay
    std::uint32_t other;  // where the rest goes
  };
  std::uint32_t count_;
  std::vector<Cell> cells_;  // alias table (Walker 1977, Vose 1991); empty where uniform
};

}  // namespace kvsim::traces
