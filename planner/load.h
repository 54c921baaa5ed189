// SPDX-License-Identifier: Apache-2.0
// What the demand asks of servers.
#pragma once

#include <vector>

namespace kvsim::planner {

// What a class asks of one server of an option, in server-seconds for each second of the demand: > 1 where
// more than one server is needed. `parts` are carried independently of each other (prefill, decode, ... in
// bounds; one part where capacities are simulated). Infinite: the option cannot serve the class within its
// SLO.
struct Load {
  // [class][part][option]
  std::vector<std::vector<std::vector<double>>> seconds;
  double degraded_share = 1;  // of the demand that must still be carried when a spare is lost
};

}  // namespace kvsim::planner
