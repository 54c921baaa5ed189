// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/pickers.h"

#include "sim/routing/draws.h"
#include "sim/routing/score_arrays.h"

namespace kvsim::sim {

std::size_t MaxScorePicker::pick(const RoutingCall&, const EndpointIds&, const std::vector<double>& totals) {
  return draw_equal(stream_, totals, largest(totals));
}

std::size_t WeightedRandomPicker::pick(const RoutingCall&, const EndpointIds&,
                                       const std::vector<double>& totals) {
  if (largest(totals) <= 0) return stream_.below(totals.size());
  return weighted_draw(stream_, totals.size(), [&](std::size_t i) { return totals[i]; });
}

}  // namespace kvsim::sim
