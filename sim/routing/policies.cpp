// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/policies.h"

namespace kvsim::sim {

std::uint32_t LeastRequestRouter::pick(const RouteRequest&, const RouterView& view) {
  std::size_t best = start_;
  for (std::size_t i = 1; i < candidates_.size(); ++i) {
    const std::size_t place = (start_ + i) % candidates_.size();
    if (view.in_flight[candidates_[place]] < view.in_flight[candidates_[best]]) best = place;
  }
  start_ = (best + 1) % candidates_.size();
  return candidates_[best];
}

std::uint32_t PowerOfTwoRouter::pick(const RouteRequest&, const RouterView& view) {
  const std::uint32_t first = candidates_[stream_.below(candidates_.size())];
  const std::uint32_t second = candidates_[stream_.below(candidates_.size())];
  return view.in_flight[second] < view.in_flight[first] ? second : first;
}

std::uint32_t SessionHashRouter::pick(const RouteRequest& request, const RouterView&) {
  const std::uint64_t key = mix64(seed_ ^ mix64(request.session != 0 ? request.session : ~request.id));
  std::uint32_t best = candidates_.front();
  std::uint64_t best_weight = 0;
  for (const std::uint32_t candidate : candidates_) {
    const std::uint64_t weight = mix64(key ^ mix64(candidate + 1));
    if (weight > best_weight) {
      best = candidate;
      best_weight = weight;
    }
  }
  return best;
}

}  // namespace kvsim::sim
