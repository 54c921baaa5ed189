// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/admitters.h"

#include <algorithm>

#include "base/portable_math.h"

namespace kvsim::sim {
namespace {

constexpr double kColdKvUsage = 0.02;

}  // namespace

ProbabilisticAdmitter::ProbabilisticAdmitter(const PluginSettings& settings,
                                             const std::vector<Endpoint>& endpoints)
    : thresholds_(settings.parameters),
      power_(settings.parameters.number("power")),
      k_(settings.parameters.number("k")),
      mean_(endpoints) {}

double ProbabilisticAdmitter::refused_share(double saturation) const {
  if (saturation <= 0) return 0;
  return std::min(1.0, k_ * portable_exp(power_ * portable_log(saturation)));
}

bool ProbabilisticAdmitter::admits(const RoutingCall& call) {
  if (call.request.priority >= 0) return true;
  const Signals& signals = call.view.signals;
  const double saturation =
      mean_.of(signals, [&](EndpointId endpoint) { return thresholds_.ratio(signals, endpoint); });
  return call.random.uniform() >= refused_share(saturation);
}

bool LatencySloAdmitter::admits(const RoutingCall& call) {
  if (call.request.priority >= 0) return true;
  const LatencyPredictions& predictions = producer_.predictions();
  const RouteRequest& request = call.request;
  const EndpointIds& candidates = *request.candidates;
  const auto unknown = [&](EndpointId endpoint) { return !predictions.known(endpoint); };
  if (std::all_of(candidates.begin(), candidates.end(), unknown)) return true;
  return std::any_of(candidates.begin(), candidates.end(), [&](EndpointId endpoint) {
    const bool ttft = request.ttft_limit_seconds == 0 || predictions.ttft_headroom_seconds[endpoint] >= 0;
    const bool tpot = request.tpot_limit_seconds == 0 || predictions.tpot_headroom_seconds[endpoint] >= 0;
    return (ttft && tpot) || call.in_flight.requests(endpoint) == 0 ||
           call.view.signals.kv_usage()[endpoint] < kColdKvUsage;
  });
}

}  // namespace kvsim::sim
