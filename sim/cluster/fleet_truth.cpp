// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/fleet_truth.h"

namespace kvsim::sim {

Gauges FleetTruth::gauges(EndpointId endpoint) {
  const ReplicaGauges gauges = replica(endpoint).gauges(seen_from_ - 1, true);
  return {gauges.waiting, gauges.running, gauges.kv_usage};
}

std::uint64_t FleetTruth::cached_tokens(EndpointId endpoint, const RouteRequest& request) {
  return replica(endpoint).cached_tokens(seen_from_, request.salt, *request.prompt);
}

double FleetTruth::ttft_seconds(EndpointId endpoint, const RouteRequest& request) {
  return replica(endpoint).ttft_seconds(now_, seen_from_, request.salt, *request.prompt);
}

}  // namespace kvsim::sim
