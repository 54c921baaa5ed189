// SPDX-License-Identifier: Apache-2.0
// One routing decision as `--explain-routing` tells it: what the router saw, what it made of it, what was
// true, and what an oracle would have done.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace kvsim::sim {

struct RoutingRecord {
  struct Candidate {
    std::uint32_t replica = 0;
    double seen_waiting = 0, seen_running = 0, seen_kv_usage = 0;
    double age_seconds = 0;                         // of what was seen
    std::uint64_t in_flight = 0;                    // by the router\'s own count
    double waiting = 0, running = 0, kv_usage = 0;  // true at the decision
    std::uint64_t cached_tokens = 0;                // true
    double ttft_seconds = 0;                        // by the exact step times of all that is before it there
    bool prefills = true;                           // else it only decodes
  };
  struct Column {
    std::string name;
    double weight = 1;
    std::vector<double> scores;  // by replicas of its profile
  };
  struct Profile {
    std::string name;
    std::vector<std::uint32_t> replicas;
    std::vector<Column> columns;
    std::vector<double> totals;
    std::uint32_t pick = 0;
  };

  std::uint64_t request = 0;
  std::uint32_t group = 0;
  Nanoseconds time = 0;
  std::uint32_t router = 0;  // replica of the router
  bool sees_gauges = false;  // else what is seen of candidates means nothing
  std::vector<Candidate> candidates;
  std::vector<std::string> filters;
  std::vector<Profile> profiles;
  std::optional<std::uint32_t> pick;     // decode replica; nothing: refused
  std::optional<std::uint32_t> prefill;  // where another one prefills
  std::uint32_t predicted_hit_tokens = 0;
  std::uint32_t oracle = 0;   // the candidate of the least ttft_seconds that may prefill it
  double regret_seconds = 0;  // ttft_seconds of the pick less the oracle's
};

}  // namespace kvsim::sim
