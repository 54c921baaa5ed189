// SPDX-License-Identifier: Apache-2.0
// What routing did: how even it was, how right the router's index was, what it cost, how far from an oracle.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/metrics/observer.h"
#include "sim/metrics/quantiles.h"

namespace kvsim::sim {

// Over the replicas of one pool: largest over mean; 1 is even, NaN nothing was done.
struct LoadImbalance {
  double requests = kNotANumber;
  double prompt_tokens = kNotANumber;  // computed or hit
  double busy_seconds = kNotANumber;
};

struct RoutingSummary {
  Distribution router_seconds;  // from the sending to the router's decision: gateway, router, flow control
  // The index, over requests that were served: what it expected on the replica that prefills, what was hit.
  std::uint64_t predicted_hit_tokens = 0;
  std::uint64_t hit_tokens = 0;                // in GPU and host
  std::uint64_t falsely_predicted_tokens = 0;  // expected and not hit
  std::uint64_t missed_tokens = 0;             // hit and not expected
  std::uint64_t prompt_tokens = 0;
  std::vector<LoadImbalance> pools;
  // Of explained decisions.
  std::uint64_t explained = 0;
  std::uint64_t as_the_oracle = 0;  // no later first token than the oracle's pick
  Distribution regret_seconds;
  Distribution age_seconds;  // of the gauges seen of the pick
};

class RoutingUse {
 public:
  explicit RoutingUse(std::vector<std::uint32_t> pool_of_replica);
  void on_finished(const RequestRecord& record);
  void on_steps(const StepRun& run) { busy_[run.replica] += run.end - run.start; }
  void on_routed(const RoutingRecord& record);
  Nanoseconds busy(std::uint32_t pool) const;  // sum over its replicas
  RoutingSummary summary(std::size_t pools) const;

 private:
  LoadImbalance imbalance(std::uint32_t pool) const;

  std::vector<std::uint32_t> pool_of_replica_;
  std::vector<std::uint64_t> requests_, prompt_tokens_;  // by replica
  std::vector<Nanoseconds> busy_;                        // by replica
  RoutingSummary totals_;
  std::vector<double> router_seconds_, regret_seconds_, age_seconds_;
};

}  // namespace kvsim::sim
