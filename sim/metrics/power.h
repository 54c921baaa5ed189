// SPDX-License-Identifier: Apache-2.0
// Electric power of one accelerator out of what its steps ask of it: a prior, not a measurement.
//
//   P = idle + (peak - idle) * min(1, 0.1 busy + 1.5 compute + 0.6 memory)
//
// busy: share of time with a step under way; compute and memory: shares of peak FLOP/s and of peak bandwidth
// attained. The weights are chosen so that prefill at half of peak FLOP/s draws about the rated power and
// decode at two thirds of peak bandwidth about half of the range above idle. Idle replicas draw idle power.
#pragma once

namespace kvsim::sim {

struct Activity {
  double busy = 0;
  double compute = 0;
  double memory = 0;
};

double accelerator_watts(double idle_watts, double peak_watts, const Activity& activity);

}  // namespace kvsim::sim
