// SPDX-License-Identifier: Apache-2.0
// What a population's sessions look like, by sampling the very generator that simulates them.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/population/population.h"
#include "traces/population/summary.h"

namespace kvsim::traces {

struct SessionSample {
  std::vector<double> inputs;   // prompt tokens of each request
  std::vector<double> outputs;  // generated tokens of each request
  double sessions = 0;
  double new_tokens = 0;  // questions and outputs, over all sessions
};

// Sessions one after the other, every answer at once. Nothing of it depends on time.
SessionSample sample_sessions(StreamSettings settings, std::uint64_t requests, std::uint64_t seed);

LengthPercentiles percentiles(std::vector<double> values);  // linear between ranks; of at least one value

// Mean tokens of different texts of `text` that `sessions` sessions touch.
class TouchedTokens {
 public:
  TouchedTokens(const SharedText& text, std::uint64_t seed);
  double of(double sessions) const;

 private:
  struct Group {
    double probability;  // of each item, at each draw
    double items;
  };
  std::vector<Group> groups_;
  double draws_per_session_;
  double mean_tokens_ = 0;
};

}  // namespace kvsim::traces
