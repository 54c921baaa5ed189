// SPDX-License-Identifier: Apache-2.0
// Simulated time: whole nanoseconds since the start of the run, so that sums never drift and order is total.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace kvsim {

using Nanoseconds = std::int64_t;

constexpr Nanoseconds kNanosecondsPerSecond = 1'000'000'000;
constexpr Nanoseconds kNever = std::numeric_limits<Nanoseconds>::max();

// Rounds half away from zero. The caller keeps |seconds| under 9.2e9 (292 years); readers check it.
inline Nanoseconds from_seconds(double seconds) { return std::llround(seconds * 1e9); }
constexpr double to_seconds(Nanoseconds time) { return static_cast<double>(time) * 1e-9; }

}  // namespace kvsim
