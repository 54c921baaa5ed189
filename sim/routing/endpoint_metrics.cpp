// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/endpoint_metrics.h"

#include <stdexcept>

namespace kvsim::sim {

EndpointMetric::EndpointMetric(const std::string& name) {
  if (name == "active")
    kind_ = Kind::kActive;
  else if (name == "running")
    kind_ = Kind::kRunning;
  else if (name == "waiting")
    kind_ = Kind::kWaiting;
  else if (name == "kv")
    kind_ = Kind::kKv;
  else
    throw std::logic_error("no metric of endpoints is called '" + name + "'");
}

double EndpointMetric::of(const RoutingCall& call, EndpointId endpoint) const {
  switch (kind_) {
    case Kind::kActive:
      return static_cast<double>(call.in_flight.requests(endpoint));
    case Kind::kRunning:
      return call.view.signals.running()[endpoint];
    case Kind::kWaiting:
      return call.view.signals.waiting()[endpoint];
    case Kind::kKv:
      break;
  }
  return call.view.signals.kv_usage()[endpoint];
}

void EndpointMetric::of_all(const RoutingCall& call, const EndpointIds& endpoints,
                            std::vector<double>& values) const {
  values.resize(endpoints.size());
  for (std::size_t i = 0; i < endpoints.size(); ++i) values[i] = of(call, endpoints[i]);
}

}  // namespace kvsim::sim
