// SPDX-License-Identifier: Apache-2.0
// One run of a case.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/metrics/observer.h"
#include "sim/metrics/summary.h"
#include "validation/measured_requests.h"
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

// Latencies of the requests that got their last token.
class RequestTimes final : public sim::Observer {
 public:
  void on_finished(const sim::RequestRecord& record) override;
  // "ttft_seconds" or "e2e_seconds"; nothing: it was not completed, or the workload has no such request.
  std::optional<double> at(const std::string& metric, std::uint64_t request) const;

 private:
  struct Times {
    double ttft_seconds = 0;
    double e2e_seconds = 0;
  };
  std::unordered_map<std::uint64_t, Times> times_;
};

struct Simulated {
  sim::Summary summary;
  Gauges gauges;
  RequestTimes requests;
  double first_arrival_seconds = 0;

  std::vector<std::optional<double>> seconds_of(const MeasuredRequests& measured) const;  // one for each
  // `count` values of a gauge, the first one interval after the first arrival.
  std::vector<double> samples(const std::string& metric, double every_seconds, std::size_t count) const;
};
Simulated simulate(const Run& run);

}  // namespace kvsim::validation
