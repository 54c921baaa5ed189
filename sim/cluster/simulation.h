// SPDX-License-Identifier: Apache-2.0
// One simulated run: a fleet serves what a source offers.
#pragma once

#include <cstdint>
#include <functional>

#include "sim/metrics/groups.h"
#include "sim/metrics/observer.h"
#include "sim/routing/router.h"
#include "sim/scenario/fleet.h"
#include "traces/source.h"

namespace kvsim::sim {

struct RunOptions {
  std::uint64_t seed = 1;
  bool reference = false;  // step every iteration; identical results, for checking
  Nanoseconds sample_every =
      kNanosecondsPerSecond;  // of on_sample; doubled each time `max_samples` is reached
  std::uint32_t max_samples = 1024;
  Nanoseconds stop_at = kNever;     // arrivals after this are not taken
  std::uint64_t explain_every = 0;  // observers are told of every n-th routing decision; 0: of none
  RouterMaker make_router = sim::make_router;                      // routers that the fleet cannot name
  std::function<void(double fraction, Nanoseconds now)> progress;  // called now and then; may be empty
};

struct RunTotals {
  Nanoseconds first_arrival = kNever;
  Nanoseconds end = 0;  // last token, timeout or rejection
  std::uint64_t offered = 0;
  std::uint64_t events = 0;  // calendar events executed
  GroupTable groups;
};

// Observers are told in order. Throws InputError where a request cannot be understood (unknown model name,
// say) and InterruptedError after Ctrl-C.
RunTotals simulate(const Fleet& fleet, traces::Source& source, Observer& observer, const RunOptions& options);

}  // namespace kvsim::sim
