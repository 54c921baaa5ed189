// SPDX-License-Identifier: Apache-2.0
// Numbers by place, 0 at first, of which the least is found without a scan: a tournament tree.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <limits>
#include <vector>

namespace kvsim::sim {

class MinTree {
 public:
  explicit MinTree(std::size_t places)
      : leaves_(std::bit_ceil(places)), least_(2 * leaves_, std::numeric_limits<double>::infinity()) {
    for (std::size_t place = 0; place < places; ++place) set(place, 0);
  }

  void set(std::size_t place, double value) {
    std::size_t node = leaves_ + place;
    least_[node] = value;
    while (node > 1) {
      node /= 2;
      const double now = std::min(least_[2 * node], least_[2 * node + 1]);
      if (least_[node] == now) return;
      least_[node] = now;
    }
  }

  double least() const { return least_[1]; }

  // The first place that has the least number, seen from `start` on and then round from 0.
  std::size_t first_least(std::size_t start) const {
    std::size_t node = leaves_ + start;
    while (least_[node] != least()) {
      while (node & 1)
        node /= 2;  // a right child, or behind the last leaf: up, until something is right of it
      if (node == 0) return descend(1);
      ++node;
    }
    return descend(node);
  }

 private:
  std::size_t descend(std::size_t node) const {
    while (node < leaves_) node = 2 * node + (least_[2 * node] == least() ? 0 : 1);
    return node - leaves_;
  }

  std::size_t leaves_;
  std::vector<double> least_;  // by node; the root is 1, leaves stand from leaves_ on
};

}  // namespace kvsim::sim
