// SPDX-License-Identifier: Apache-2.0
// Prompts that a router has sent to its endpoints and whose first token it has not seen, with the seconds
// that it believes each takes, one after the other.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "sim/routing/endpoint.h"

namespace kvsim::sim {

class PrefillQueues {
 public:
  explicit PrefillQueues(std::size_t endpoints) : queues_(endpoints) {}

  void add(EndpointId endpoint, std::uint64_t request, double seconds, Nanoseconds now) {
    Queue& queue = queues_[endpoint];
    if (queue.prompts.empty()) queue.head_since = now;
    queue.prompts.push_back({request, seconds});
  }
  void remove(EndpointId endpoint, std::uint64_t request, Nanoseconds now) {
    Queue& queue = queues_[endpoint];
    const auto gone = std::erase_if(queue.prompts, [=](const Prompt& p) { return p.request == request; });
    if (gone > 0) queue.head_since = now;
  }
  // Until all of them are done; the head is at work since the one before it was done.
  double seconds(EndpointId endpoint, Nanoseconds now) const {
    const Queue& queue = queues_[endpoint];
    if (queue.prompts.empty()) return 0;
    double seconds = 0;
    for (const Prompt& prompt : queue.prompts) seconds += prompt.seconds;
    return seconds - std::min(queue.prompts.front().seconds, to_seconds(now - queue.head_since));
  }

 private:
  struct Prompt {
    std::uint64_t request;
    double seconds;
  };
  struct Queue {
    std::vector<Prompt> prompts;  // in order of dispatch
    Nanoseconds head_since = 0;
  };
  std::vector<Queue> queues_;  // by endpoint
};

}  // namespace kvsim::sim
