// SPDX-License-Identifier: Apache-2.0
// Can a run be believed: did the system keep up, and was it long enough for what is read from it?
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "sim/metrics/recorder.h"
#include "sim/metrics/summary.h"

namespace kvsim::sim {

// A request that entered the system and, when it completed, left; one that timed out never leaves.
struct Stay {
  Nanoseconds arrival = 0;
  Nanoseconds end = kNever;
};

struct Backlog {
  double seconds = 0;          // length of the window
  std::uint64_t arrivals = 0;  // in the window
  double mean_requests = 0;    // in the system
  double growth_requests = 0;  // over the window, by the fitted line
  double t = 0;                // of its slope
  bool grows = false;
};

// Regression of 20 batch means of the number of requests in the system over [from, to). It grows when the
// slope is significant (one-sided 99 %, t > 2.552), and over the window the line rises by more than 1 % of
// the arrivals, by more than 20 % of its mean m and by more than 2.3 sqrt(2 m), what chance explains: the
// difference of two Poisson counts of mean m has this deviation.
Backlog backlog(const std::vector<Stay>& stays, Nanoseconds from, Nanoseconds to);

// queue_grows: some load stage's backlog grows (the whole run is one stage where the workload has none),
// looked at from its warm-up (at most a quarter of it), but at least two median E2E times after its start (at
// most half of it). Rejected requests never enter the system: no capacity would serve them. too_short: else,
// when after the warm-up fewer than 20 completed requests lie beyond p99, one for each batch, or when a stage
// only ramps up: the last tenth of its answers takes more than a quarter of it, and at most twice as long as
// the first tenth, so that growth means nothing.
Verdict judge(const Recorder& recorder, Nanoseconds first_arrival);

}  // namespace kvsim::sim
