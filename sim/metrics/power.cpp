// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/power.h"

#include <algorithm>

namespace kvsim::sim {

double accelerator_watts(double idle_watts, double peak_watts, const Activity& activity) {
  const double load = 0.1 * activity.busy + 1.5 * activity.compute + 0.6 * activity.memory;
  return idle_watts + (peak_watts - idle_watts) * std::clamp(load, 0.0, 1.0);
}

}  // namespace kvsim::sim
