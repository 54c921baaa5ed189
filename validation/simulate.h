// SPDX-License-Identifier: Apache-2.0
// One run of a case.
#pragma once

#include <string>
#include <vector>

#include "sim/metrics/observer.h"
#include "sim/metrics/summary.h"
#include "validation/run_recipe.h"

namespace kvsim::validation {

// Running and waiting requests of the fleet at each sampling time.
class Gauges final : public sim::Observer {
 public:
  void on_sample(Nanoseconds time, Nanoseconds period, const sim::ReplicaSnapshot* replicas,
                 std::uint32_t count) override;
  // Of the last sample at or before `seconds`; 0 before the first and after the last.
  double at(const std::string& metric, double seconds) const;

 private:
  struct Sample {
    double seconds = 0;
    double running = 0;
    double waiting = 0;
  };
  std::vector<Sample> samples_;
};

struct Simulated {
  sim::Summary summary;
  Gauges gauges;
  double first_arrival_seconds = 0;

  // `count` values of a gauge, the first one interval after the first arrival.
  std::vector<double> samples(const std::string& metric, double every_seconds, std::size_t count) const;
};
Simulated simulate(const Run& run);

}  // namespace kvsim::validation
