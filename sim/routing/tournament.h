// SPDX-License-Identifier: Apache-2.0
// One value for each place and what they come to together, kept as single values change: a binary tree whose
// nodes join their two children. A change costs the way to the root at most. The joined value depends on the
// values alone, not on the changes that led to them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <utility>
#include <vector>

namespace kvsim::sim {

// Join is a function object of two values; values compare with ==.
template <class Value, class Join>
class Tournament {
 public:
  // `none` joined with a value is that value.
  Tournament(std::size_t places, const Value& none)
      : leaves_(std::bit_ceil(std::max<std::size_t>(places, 1))), nodes_(2 * leaves_, none) {}

  void set(std::size_t place, const Value& value) {
    std::size_t node = leaves_ + place;
    nodes_[node] = value;
    while (node > 1) {
      node /= 2;
      const Value now = Join()(nodes_[2 * node], nodes_[2 * node + 1]);
      if (nodes_[node] == now) return;
      nodes_[node] = now;
    }
  }

  // value(place) for each of the first `places`, which are all that the tree has.
  template <class ValueOf>
  void set_all(std::size_t places, const ValueOf& value) {
    for (std::size_t place = 0; place < places; ++place) nodes_[leaves_ + place] = value(place);
    for (std::size_t node = leaves_ - 1; node > 0; --node)
      nodes_[node] = Join()(nodes_[2 * node], nodes_[2 * node + 1]);
  }

  const Value& all() const { return nodes_[1]; }

  // From a node down to a place: goes_left(left, right) says which child follows.
  template <class GoesLeft>
  std::size_t descend(std::size_t node, const GoesLeft& goes_left) const {
    while (node < leaves_) node = 2 * node + (goes_left(nodes_[2 * node], nodes_[2 * node + 1]) ? 0 : 1);
    return node - leaves_;
  }
  template <class GoesLeft>
  std::size_t descend(const GoesLeft& goes_left) const {
    return descend(1, goes_left);
  }

 protected:
  std::size_t leaves_;
  std::vector<Value> nodes_;  // the root is 1, leaves stand from leaves_ on
};

}  // namespace kvsim::sim
