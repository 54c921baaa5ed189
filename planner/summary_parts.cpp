// SPDX-License-Identifier: Apache-2.0
#include "planner/summary_parts.h"

#include <limits>

#include "sim/report/sweep_runs.h"

namespace kvsim::planner {

double number(const Node& node, const std::string& path) {
  return sim::metric_of(node, path).value_or(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace kvsim::planner
