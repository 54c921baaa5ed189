// SPDX-License-Identifier: Apache-2.0
// An M/M/c queue before the batch slots of all replicas, each of which serves a request in the roofline's E2E
// at the offered rate (validation/baselines/roofline.h).
#pragma once

#include "validation/baselines/baseline.h"

namespace kvsim::validation {

struct Queue {
  std::uint32_t servers = 1;
  double service_seconds = 0;   // mean
  double rate = 0;              // arrivals/s
  double duration_seconds = 0;  // of the arrivals: how long a wait without a steady state grows

  double capacity() const { return servers / service_seconds; }
  bool steady() const { return rate < capacity(); }
  // Share of arrivals that wait, by Erlang's C formula; 1 without a steady state.
  double waiting_share() const;
  // Steady: C / (capacity - rate), and P(wait > t) = C exp(-(capacity - rate) t). Else the wait of a fluid,
  // which grows from 0 to (rate / capacity - 1) x duration.
  double mean_wait_seconds() const;
  double wait_seconds_at(double share) const;  // quantile, share in [0, 1)
};

// TTFT, E2E and the engine's queue in means, TTFT and the queue in percentiles. Of the rest it knows no more
// than the roofline.
std::optional<double> predict_by_queue(const BaselineInput& input, const MeasuredFigure& figure);

}  // namespace kvsim::validation
