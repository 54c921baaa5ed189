// SPDX-License-Identifier: Apache-2.0
// Plain loops over one value for each candidate, in the forms that a compiler turns into vector code.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "sim/routing/endpoint.h"

namespace kvsim::sim {

// out[i] = by_endpoint[endpoints[i]]. Ids ascend without repetition, so a full list is 0, 1, 2, ...
inline void gather(const std::vector<double>& by_endpoint, const EndpointIds& endpoints,
                   std::vector<double>& out) {
  out.resize(endpoints.size());
  if (endpoints.size() == by_endpoint.size()) {
    std::copy(by_endpoint.begin(), by_endpoint.end(), out.begin());
    return;
  }
  for (std::size_t i = 0; i < endpoints.size(); ++i) out[i] = by_endpoint[endpoints[i]];
}

// Best of `values`, which are not empty, in four chains that do not wait for each other.
template <class Better>
double best_of(const std::vector<double>& values, Better better) {
  std::array<double, 4> best;
  best.fill(values.front());
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4)
    for (std::size_t lane = 0; lane < 4; ++lane)
      best[lane] = better(values[i + lane], best[lane]) ? values[i + lane] : best[lane];
  for (; i < values.size(); ++i) best[0] = better(values[i], best[0]) ? values[i] : best[0];
  for (const double value : best) best[0] = better(value, best[0]) ? value : best[0];
  return best[0];
}
inline double largest(const std::vector<double>& values) {
  return best_of(values, [](double a, double b) { return a > b; });
}
inline double smallest(const std::vector<double>& values) {
  return best_of(values, [](double a, double b) { return a < b; });
}

// (max - v) / (max - min), the least value best; 1 for all where they are equal.
inline void score_low_of_range(std::vector<double>& values) {
  if (values.empty()) return;
  const double high = largest(values), low = smallest(values);
  if (high == low) return std::fill(values.begin(), values.end(), 1.0);
  const double range = high - low;
  for (double& value : values) value = (high - value) / range;
}

}  // namespace kvsim::sim
