// SPDX-License-Identifier: Apache-2.0
// When the requests of one stage are meant to be sent, in seconds from the stage's start (after its lead
// second).
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"

namespace kvsim::traces::inference_perf {

// `count` exponential gaps, scaled to sum to `duration`: the last arrival is exactly at the end.
std::vector<double> constant_schedule(std::uint64_t count, double duration_seconds, RandomStream& random);

// Second by second, a Poisson number of mean `rate`, placed in that second as above; until `count` are
// placed. Where the last second draws more than are left, the first of them are taken.
std::vector<double> poisson_schedule(std::uint64_t count, double rate, RandomStream& random);

}  // namespace kvsim::traces::inference_perf
