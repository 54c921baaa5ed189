// SPDX-License-Identifier: Apache-2.0
// When requests arrive and how long they are.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "traces/profile/flat_map.h"
#include "traces/request.h"

namespace kvsim::traces {

struct ArrivalShape {
  std::uint64_t requests = 0;
  std::uint64_t sessions = 0;
  std::uint64_t later_turns = 0;      // of a closed loop; timed as if answers took no time
  double span_seconds = 0;            // from the first arrival to the last
  double mean_per_second = 0;         // gaps over their sum
  double peak_second_per_second = 0;  // of the busiest whole second
  double peak_minute_per_second = 0;  // of the busiest whole minute
  double gap_variation = 0;           // deviation of the gaps over their mean; 1: Poisson, 0: even
  double minute_dispersion = 0;       // variance of arrivals a whole minute over their mean; 1: Poisson
  double same_stamp_share = 0;        // arrivals at the very moment of the one before
  double smallest_gap_seconds = 0;    // between different stamps; 0 where there is none
};

struct LengthShape {
  double mean = 0;
  std::uint64_t total = 0;
  double p50 = 0, p90 = 0, p95 = 0, p99 = 0;  // linear between ranks
  std::uint32_t max = 0;
};

class Lengths {
 public:
  void add(std::uint32_t tokens) { ++count_of_[tokens]; }
  LengthShape shape() const;

 private:
  double quantile(double share, std::uint64_t count) const;
  std::uint32_t ranked(std::uint64_t rank) const;  // 0: the smallest
  std::map<std::uint32_t, std::uint64_t> count_of_;
};

class ShapeProfile {
 public:
  void add(const Request& request);  // in order of arrival
  ArrivalShape arrivals() const;
  LengthShape input() const { return input_.shape(); }
  LengthShape output() const { return output_.shape(); }

 private:
  // Arrivals in slots of equal length; only sums are kept.
  struct Slots {
    Nanoseconds width = 0;
    std::int64_t slot = 0;
    std::uint64_t in_slot = 0;
    std::uint64_t peak = 0, sum = 0;  // over finished slots
    double squares = 0;
    void add(Nanoseconds since_start);
    void close(std::int64_t next);
    double dispersion() const;  // variance over mean of finished slots
  };
  void add_gap(Nanoseconds gap);

  std::uint64_t requests_ = 0, later_turns_ = 0, same_stamp_ = 0;
  Nanoseconds first_ = 0, last_ = 0;
  Nanoseconds smallest_gap_ = kNever;
  double gap_squares_ = 0;
  Slots second_{kNanosecondsPerSecond};
  Slots minute_{60 * kNanosecondsPerSecond};
  struct Nothing {};
  FlatMap<Nothing> sessions_;
  Lengths input_, output_;
};

}  // namespace kvsim::traces
