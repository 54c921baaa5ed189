// SPDX-License-Identifier: Apache-2.0
// When a prompt that joins an engine's queue would get its first token: the scheduler's plans, played ahead
// on a copy of what they need to know, with the same step times. Exact for what runs and for a queue in order
// of arrival: long prompts, seats, room for blocks, asynchronous scheduling. Left out, so that a forecast is
// cheap: later arrivals, preemption, blocks that requests in the queue share or that are evicted until then,
// priorities (the new prompt goes last) and loads from lower tiers (as if they had come).
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "base/time.h"
#include "models/step_time.h"
#include "sim/replica/engine_settings.h"

namespace kvsim::sim {

// A request as it is after every step planned so far.
struct ForecastSequence {
  std::uint64_t computed = 0;  // tokens whose KV exists; of one that waits, what it will find in the cache
  std::uint64_t tokens = 0;    // prompt, and answer so far
  std::uint64_t answer_left =
      0;                         // tokens still to be sampled; 0: it holds its seat until that step has ended
  std::uint64_t blocks = 0;      // that `computed` stands in
  std::uint64_t own_blocks = 0;  // of these, those that are free when it ends
  std::uint64_t revived_blocks = 0;  // of these, those that it will take off the free list
  bool announced_stop = true;        // else asynchronous scheduling wastes a slot on it
  bool is_new = false;               // whose first token is asked for
  std::int64_t done_in_plan = -1;    // the last one, where answer_left is 0
};

struct ForecastState {
  Nanoseconds start = 0;                  // of the first step that is not planned yet
  std::vector<ForecastSequence> running;  // in order of admission
  std::deque<ForecastSequence> waiting;   // in order; the new one last
  std::uint64_t free_blocks = 0;
  std::uint64_t total_blocks = 0;
};

// The end of the step that computes the last token of the new one's prompt; kNever where it never fits.
Nanoseconds first_token_time(ForecastState state, const EngineSettings& engine,
                             const models::StepTimeModel& step_time);

}  // namespace kvsim::sim
