// SPDX-License-Identifier: Apache-2.0
// The endpoints of one model as they are now.
#pragma once

#include <memory>
#include <vector>

#include "sim/replica/replica.h"
#include "sim/routing/router.h"

namespace kvsim::sim {

class FleetTruth final : public Truth {
 public:
  // Both outlive it.
  FleetTruth(const std::vector<Endpoint>& endpoints, std::vector<std::unique_ptr<Replica>>& replicas)
      : endpoints_(&endpoints), replicas_(&replicas) {}
  // When it is asked. It knows step boundaries before `seen_from`: `now`, or just later when those at `now`
  // are over.
  void set_now(Nanoseconds now, Nanoseconds seen_from) { now_ = now, seen_from_ = seen_from; }

  Gauges gauges(EndpointId endpoint) override;
  std::uint64_t cached_tokens(EndpointId endpoint, const RouteRequest& request) override;
  double ttft_seconds(EndpointId endpoint, const RouteRequest& request) override;

 private:
  Replica& replica(EndpointId endpoint) { return *(*replicas_)[(*endpoints_)[endpoint].replica]; }

  const std::vector<Endpoint>* endpoints_;
  std::vector<std::unique_ptr<Replica>>* replicas_;
  Nanoseconds now_ = 0, seen_from_ = 0;
};

}  // namespace kvsim::sim
