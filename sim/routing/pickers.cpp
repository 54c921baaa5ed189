// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/pickers.h"

#include <algorithm>

#include "sim/routing/score_arrays.h"

namespace kvsim::sim {

std::size_t MaxScorePicker::pick(const RoutingCall&, const EndpointIds&, const std::vector<double>& totals) {
  const double best = largest(totals);
  const auto ties = std::count(totals.begin(), totals.end(), best);
  auto found = std::find(totals.begin(), totals.end(), best);
  if (ties > 1)
    for (std::uint64_t left = stream_.below(static_cast<std::uint64_t>(ties)); left > 0; --left)
      found = std::find(found + 1, totals.end(), best);
  return static_cast<std::size_t>(found - totals.begin());
}

std::size_t WeightedRandomPicker::pick(const RoutingCall&, const EndpointIds&,
                                       const std::vector<double>& totals) {
  double sum = 0;
  for (const double total : totals) sum += std::max(0.0, total);
  if (sum <= 0) return stream_.below(totals.size());
  double left = stream_.uniform() * sum;
  std::size_t last = 0;
  for (std::size_t i = 0; i < totals.size(); ++i) {
    if (totals[i] <= 0) continue;
    last = i;
    left -= totals[i];
    if (left < 0) break;
  }
  return last;
}

}  // namespace kvsim::sim
