// SPDX-License-Identifier: Apache-2.0
// The host side of a replica before its queue: most of its time passes side by side for all requests, a part
// that grows with the prompt keeps one of the API server's processes. Requests take the process that is free
// first, in the order in which they were sent.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "sim/scenario/fleet.h"

namespace kvsim::sim {

class FrontendQueue {
 public:
  explicit FrontendQueue(const Frontend& settings) : settings_(settings) {
    if (settings.serial_seconds_per_token > 0) free_.resize(settings.processes, 0);
  }

  // When a request of `tokens` that comes at `time` reaches the engine. Requests are told as they are sent:
  // one on a longer way than the next may come later and still goes before it.
  Nanoseconds pass(Nanoseconds time, std::uint64_t tokens) {
    const double length = static_cast<double>(tokens);
    Nanoseconds begin = time;
    if (!free_.empty()) {
      const auto process = std::min_element(free_.begin(), free_.end());
      begin = std::max(time, *process);
      *process = begin + from_seconds(settings_.serial_seconds_per_token * length);
    }
    return begin + from_seconds(settings_.seconds + settings_.seconds_per_token * length);
  }

 private:
  Frontend settings_;
  std::vector<Nanoseconds> free_;  // by process
};

}  // namespace kvsim::sim
