// SPDX-License-Identifier: Apache-2.0
// The machine under one router replica: an M/G/c queue, first come, first served, whose service time grows
// with the prompt and with the streams in flight (sim/scenario/router_settings.h, RouterCost).
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

class RouterHost {
 public:
  RouterHost(const RouterCost& cost, std::uint64_t seed)
      : cost_(cost), draw_(seed, "router/service"), free_(cores(cost)) {}

  struct Passage {
    Nanoseconds begin = 0;  // of its service
    Nanoseconds ready = 0;
  };
  // Of a request that comes at `now`, which never falls; nothing: too many wait already.
  std::optional<Passage> pass(Nanoseconds now, std::uint64_t prompt_tokens) {
    while (!begins_.empty() && begins_.front() <= now) begins_.pop_front();
    if (cost_.max_waiting > 0 && begins_.size() >= cost_.max_waiting) return {};
    Nanoseconds& core = *std::min_element(free_.begin(), free_.end());
    const Nanoseconds begin = std::max(now, core);
    core = begin + from_seconds(service_seconds(prompt_tokens));
    if (begin > now) begins_.push_back(begin);
    return Passage{begin, core};
  }

  void stream_begins() { ++streams_; }
  void stream_ends() { --streams_; }

 private:
  static std::size_t cores(const RouterCost& cost) {
    return std::max<std::size_t>(1, static_cast<std::size_t>(cost.cores));
  }
  double service_seconds(std::uint64_t prompt_tokens) {
    const double mean = cost_.seconds + cost_.seconds_per_token * static_cast<double>(prompt_tokens) +
                        cost_.seconds_per_stream * static_cast<double>(streams_);
    if (cost_.variation == 0 || mean == 0) return mean;
    const double shape = 1 / (cost_.variation * cost_.variation);
    return draw_.gamma(shape, mean / shape);
  }

  RouterCost cost_;
  RandomStream draw_;
  std::vector<Nanoseconds> free_;   // by core
  std::deque<Nanoseconds> begins_;  // of those that wait, ascending
  std::uint64_t streams_ = 0;
};

}  // namespace kvsim::sim
