// SPDX-License-Identifier: Apache-2.0
// Who is turned away before anything is picked. Only sheddable requests (priority < 0) ever are.
#pragma once

#include "sim/routing/plugin.h"
#include "sim/routing/saturation_detectors.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

// Without flow control: a sheddable request is refused while the pool is saturated.
constexpr bool is_shed(std::int32_t priority, double saturation) { return priority < 0 && saturation >= 1; }

// probabilistic-admitter: refuses a share min(1, k * saturation^power), saturation being the mean over
// endpoints of max(waiting / queueDepthThreshold, kv / kvCacheUtilThreshold) of the last scrape.
class ProbabilisticAdmitter final : public Admitter {
 public:
  ProbabilisticAdmitter(const PluginSettings& settings, const std::vector<Endpoint>& endpoints);
  RouterNeeds needs() const override { return {true, true, false}; }
  bool admits(const RoutingCall& call) override;
  double refused_share(double saturation) const;

 private:
  UtilizationThresholds thresholds_;
  double power_, k_;
  PoolMean mean_;
};

// latency-slo-admitter: refuses where no candidate keeps the request's limits by its prediction (a limit that
// it has not is kept), has nothing of this router's in flight, or uses less than 2 % of its KV cache. Without
// predictions it refuses nobody.
class LatencySloAdmitter final : public Admitter {
 public:
  explicit LatencySloAdmitter(const LatencyProducer& producer) : producer_(producer) {}
  RouterNeeds needs() const override { return {true, true, false}; }
  bool admits(const RoutingCall& call) override;

 private:
  const LatencyProducer& producer_;
};

}  // namespace kvsim::sim
