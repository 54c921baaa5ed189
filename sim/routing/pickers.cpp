// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/pickers.h"

#include "sim/routing/draws.h"
#include "sim/routing/score_arrays.h"

namespace kvsim::sim {

std::size_t MaxScorePicker::pick(const RoutingCall&, const EndpointIds&, const std::vector<double>& totals) {
  return draw_equal(stream_, totals, largest(totals));
}

// Sums of another order would be other numbers.
std::size_t WeightedRandomPicker::pick(const RoutingCall&, const EndpointIds&,
                                       const std::vector<double>& totals) {
  PositiveTotals tree(totals.size());
  tree.set_all(totals);
  return tree.draw(stream_);
}

}  // namespace kvsim::sim
