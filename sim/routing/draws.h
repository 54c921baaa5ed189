// SPDX-License-Identifier: Apache-2.0
// Draws among candidates.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/random.h"

namespace kvsim::sim {

// One of 0 .. count-1 in proportion to weight(i); those of 0 or less are never drawn. `count` > 0; where no
// weight is above 0, count - 1.
template <class Weight>
std::size_t weighted_draw(RandomStream& stream, std::size_t count, const Weight& weight) {
  double left = 0;
  for (std::size_t i = 0; i < count; ++i) left += std::max(0.0, weight(i));
  left *= stream.uniform();
  std::size_t last = count - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const double own = weight(i);
    if (own <= 0) continue;
    last = i;
    left -= own;
    if (left < 0) break;
  }
  return last;
}

// The place of one of those that equal `value`, of which there is one at least; drawn only where there are
// more.
inline std::size_t draw_equal(RandomStream& stream, const std::vector<double>& values, double value) {
  const auto ties = std::count(values.begin(), values.end(), value);
  std::uint64_t skipped = ties > 1 ? stream.below(static_cast<std::uint64_t>(ties)) : 0;
  auto found = std::find(values.begin(), values.end(), value);
  for (; skipped > 0; --skipped) found = std::find(found + 1, values.end(), value);
  return static_cast<std::size_t>(found - values.begin());
}

}  // namespace kvsim::sim
