// SPDX-License-Identifier: Apache-2.0
// What one replica of an option can do, without simulating it.
#pragma once

#include <array>

#include "planner/demand.h"
#include "planner/problem.h"
#include "sim/scenario/fleet.h"

namespace kvsim::planner {

// Seconds that an engine spends on one unit of each part of the work when all batches are boundless: no step
// of the pool's model takes less than the sum over its parts. The slopes of the step time where weights,
// overheads and small batches no longer count. Of measured tables, as far as steps of up to 32,768 prompt
// tokens and as many decodes show it.
using UnitSeconds = std::array<double, kWorkParts>;
UnitSeconds unit_seconds(const models::StepTimeModel& step_time);

// The batch in which a replica does most, by hand. With b sequences decoding at mean context, S(b) their step
// time, P the time of a prompt and o the output tokens: prefill takes the share r P of the time, and Little's
// law b = r o S(b) / (1 - r P) gives
//   r = b / (o S(b) + b P),   TPOT = S(b) / (1 - r P) = S(b) + b P / o
// for the largest b within max_num_seqs, the KV pool (b times input and half of the output), and the limits
// of TPOT, of TTFT (P + S(b), no queueing) and of E2E (P + o TPOT). A pool that only decodes has P = 0; one
// that only prefills does r = 1 / P where P is within TTFT and E2E.
struct HandCapacity {
  double requests_per_second = 0;  // 0: not even one sequence at a time is within the limits
  double batch = 0;
  double tpot_seconds = 0;
  double prompt_seconds = 0;
};
HandCapacity hand_capacity(const sim::Pool& pool, const KindDemand& kind, const SloGoal& goal);

// Until when the last request that counts must have its first (its last) token, after its arrival; infinity:
// no limit says so.
struct LatestTimes {
  double first_token_seconds = 0;
  double last_token_seconds = 0;
};
LatestTimes latest_times(const SloGoal& goal, const KindDemand& kind);

double limit_of(const SloGoal& goal, const std::string& metric);  // of one request; infinity: none

}  // namespace kvsim::planner
