// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.h"

namespace kvsim::sim {

// `seconds` >= 0 after `start`, to the nearest nanosecond; kNever where that is beyond what time can be.
inline Nanoseconds later(Nanoseconds start, double seconds) {
  constexpr double kMostSeconds = 9.2e9;
  if (!(seconds < kMostSeconds)) return kNever;
  const Nanoseconds length = from_seconds(seconds);
  return start > kNever - length ? kNever : start + length;
}

}  // namespace kvsim::sim
