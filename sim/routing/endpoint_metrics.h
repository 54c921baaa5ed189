// SPDX-License-Identifier: Apache-2.0
// Numbers of an endpoint that plugins name in their parameters: active (requests in flight from this router),
// running, waiting, kv (scraped).
#pragma once

#include <string>
#include <vector>

#include "sim/routing/plugin.h"

namespace kvsim::sim {

class EndpointMetric {
 public:
  explicit EndpointMetric(const std::string& name);  // std::logic_error: none of the above

  RouterNeeds needs() const { return {kind_ != Kind::kActive, kind_ == Kind::kKv, false}; }
  double of(const RoutingCall& call, EndpointId endpoint) const;
  void of_all(const RoutingCall& call, const EndpointIds& endpoints, std::vector<double>& values) const;

 private:
  enum class Kind { kActive, kRunning, kWaiting, kKv };
  Kind kind_;
};

}  // namespace kvsim::sim
