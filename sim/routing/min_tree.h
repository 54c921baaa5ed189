// SPDX-License-Identifier: Apache-2.0
// Numbers by place, 0 at first, of which the least is found without a scan.
#pragma once

#include <cstddef>
#include <limits>

#include "sim/routing/tournament.h"

namespace kvsim::sim {

struct Lesser {
  double operator()(double a, double b) const { return std::min(a, b); }
};

class MinTree : public Tournament<double, Lesser> {
 public:
  explicit MinTree(std::size_t places) : Tournament(places, std::numeric_limits<double>::infinity()) {
    set_all(places, [](std::size_t) { return 0.0; });
  }

  double least() const { return all(); }

  // The first place that has the least number, seen from `start` on and then round from 0.
  std::size_t first_least(std::size_t start) const {
    const auto left_has_it = [this](double left, double) { return left == least(); };
    std::size_t node = leaves_ + start;
    while (nodes_[node] != least()) {
      while (node & 1)
        node /= 2;  // a right child, or behind the last leaf: up, until something is right of it
      if (node == 0) return descend(left_has_it);
      ++node;
    }
    return descend(node, left_has_it);
  }
};

}  // namespace kvsim::sim
