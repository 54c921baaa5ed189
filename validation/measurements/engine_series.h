// SPDX-License-Identifier: Apache-2.0
// Metrics of vLLM over time, from whatever format: series of gauges, and figures of both.
#pragma once

#include <limits>
#include <map>
#include <string>
#include <utility>

#include "validation/measurements/engine_increase.h"
#include "validation/measurements/exposition.h"

namespace kvsim::validation {

class EngineSeries {
 public:
  explicit EngineSeries(Measurements& run) : run_(run) {}

  // Name with or without `vllm:`; `file` is for notes.
  void add(const TimedSeries& series, const std::string& file);
  void finish();

 private:
  using ByTime = std::map<double, std::pair<double, double>>;  // sum over series, series

  static void add_samples(const TimedSeries& series, ByTime& by_time);
  void add_counter(const TimedSeries& series);
  void add_finished(const std::vector<TimedValue>& values);
  void add_gauge(const std::string& metric, const ByTime& by_time);
  void add_arrivals();
  double step_of(const ByTime& by_time);

  Measurements& run_;
  EngineIncrease increase_;
  std::map<std::string, ByTime> gauges_;
  ByTime arrivals_;
  double first_ = std::numeric_limits<double>::infinity();  // of counters
  double last_ = -first_;
};

}  // namespace kvsim::validation
