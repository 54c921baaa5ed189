// SPDX-License-Identifier: Apache-2.0
// A gauge over time, as it was sampled.
#pragma once

#include <string>
#include <vector>

namespace kvsim::validation {

struct MeasuredSeries {
  std::string metric;  // of a case: "running_requests" or "waiting_requests"
  double every_seconds = 1;
  std::vector<double> values;  // of a case: values[i] at (i + 1) * every_seconds after the first arrival
};

}  // namespace kvsim::validation
