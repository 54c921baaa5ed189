// SPDX-License-Identifier: Apache-2.0
// The machine under one router replica: an M/G/c queue for requests, first come, first served, and the tokens
// that stream back through it (sim/scenario/router_settings.h, RouterCost).
//
//   streaming   takes rho = tokens per second * seconds_per_streamed_token / cores of it; what is left serves
//               requests, whose service takes 1 / (1 - rho) as long (rho up to 0.95)
//   turns       the proxy serves its streams in turn: a request waits for one of a round, which takes the
//   longer
//               the more streams there are, and holds no core (exponential; under llm-d's gateway TTFT has
//               p50 / p90 / p99 of 0.7, 2.3 and 4.6 times its mean, which are those of an exponential)
//   saturation  where rho > 1, work piles up at (rho - 1) * cores and is worked off when rho < 1; tokens come
//   out
//               that much later, in bursts
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
      : cost_(cost), draw_(seed, "router/service"), turns_(seed, "router/turn"), free_(cores(cost)) {}

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
    const double stretch = drawn() / (1 - std::min(0.95, stream_load()));
    core = begin + from_seconds(stretch * core_seconds(prompt_tokens));
    if (begin > now) begins_.push_back(begin);
    const Nanoseconds passed = cost_.latency_seconds == 0
                                   ? core
                                   : std::min(core, begin + from_seconds(stretch * cost_.latency_seconds));
    return Passage{begin, passed + turn()};
  }

  void stream_begins() { ++streams_; }
  void stream_ends() { --streams_; }

  // From now on tokens stream through it at this rate.
  void set_token_rate(Nanoseconds now, double tokens_per_second) {
    if (tokens_per_second == token_rate_) return;
    backlog_seconds_ = backlog_seconds(now);
    token_rate_ = tokens_per_second;
    rate_since_ = now;
  }
  // How much later than the engine gave it out a token gets through at `now`.
  Nanoseconds stream_delay(Nanoseconds now) const { return from_seconds(backlog_seconds(now) / cost_.cores); }

 private:
  static std::size_t cores(const RouterCost& cost) {
    return std::max<std::size_t>(1, static_cast<std::size_t>(cost.cores));
  }
  double core_seconds(std::uint64_t prompt_tokens) const {
    return cost_.seconds + cost_.seconds_per_token * static_cast<double>(prompt_tokens) +
           cost_.seconds_per_stream * static_cast<double>(streams_);
  }
  Nanoseconds turn() {
    if (cost_.latency_per_stream_seconds == 0 || streams_ == 0) return 0;
    return from_seconds(turns_.exponential(cost_.latency_per_stream_seconds * static_cast<double>(streams_)));
  }
  double drawn() {  // of mean 1
    if (cost_.variation == 0) return 1;
    const double shape = 1 / (cost_.variation * cost_.variation);
    return draw_.gamma(shape, 1 / shape);
  }
  double stream_load() const { return token_rate_ * cost_.seconds_per_streamed_token / cost_.cores; }
  double backlog_seconds(Nanoseconds now) const {  // of all cores' work together
    const double piled = (stream_load() - 1) * cost_.cores * to_seconds(now - rate_since_);
    return std::max(0.0, backlog_seconds_ + piled);
  }

  RouterCost cost_;
  RandomStream draw_, turns_;
  std::vector<Nanoseconds> free_;   // by core
  std::deque<Nanoseconds> begins_;  // of those that wait, ascending
  std::uint64_t streams_ = 0;
  double token_rate_ = 0;
  double backlog_seconds_ = 0;
  Nanoseconds rate_since_ = 0;
};

}  // namespace kvsim::sim
