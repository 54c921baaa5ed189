// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/gauge_scorers.h"

#include <algorithm>

#include "sim/routing/score_arrays.h"

namespace kvsim::sim {

void GaugeScorer::score(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& scores) {
  const Signals& signals = call.view.signals;
  if (version_ != signals.version() || endpoints_ != endpoints) {
    gather(gauge(signals), endpoints, scores_);
    compute(scores_);
    version_ = signals.version();
    endpoints_ = endpoints;
  }
  std::copy(scores_.begin(), scores_.end(), scores.begin());
}

bool GaugeScorer::moved(const RoutingCall& call, EndpointIds& moved) {
  const Signals& signals = call.view.signals;
  const std::size_t before = moved.size();
  const auto note = [&](EndpointId endpoint) { moved.push_back(endpoint); };
  const bool few = moved_version_ && signals.visit_changes(*moved_version_, note);
  moved_version_ = signals.version();
  if (few) return keeps_scale(gauge(signals), std::span(moved).subspan(before));
  find_scale(gauge(signals));
  return false;
}

void GaugeScorer::compute(std::vector<double>& values) const {
  for (double& value : values) value = score_of(value);
}

void RangeScorer::compute(std::vector<double>& values) const { score_low_of_range(values); }

double RangeScorer::score_of(double value) const {
  return high_ == low_ ? 1 : (high_ - value) / (high_ - low_);
}

bool RangeScorer::keeps_scale(const std::vector<double>& values, std::span<const EndpointId> moved) {
  for (const EndpointId endpoint : moved) {
    least_.set(endpoint, values[endpoint]);
    least_negative_.set(endpoint, -values[endpoint]);
  }
  return !renew_scale();
}

void RangeScorer::find_scale(const std::vector<double>& values) {
  least_.set_all(values.size(), [&](std::size_t place) { return values[place]; });
  least_negative_.set_all(values.size(), [&](std::size_t place) { return -values[place]; });
  renew_scale();
}

bool RangeScorer::renew_scale() {
  const double low = least_.least(), high = -least_negative_.least();
  const bool is_new = low != low_ || high != high_;
  low_ = low, high_ = high;
  return is_new;
}

}  // namespace kvsim::sim
