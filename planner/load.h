// SPDX-License-Identifier: Apache-2.0
// What the demand asks of servers.
#pragma once

#include <vector>

namespace kvsim::planner {

// [class][part][option]
using SecondsByPart = std::vector<std::vector<std::vector<double>>>;

// What a class asks of one server of an option, in server-seconds for each second of the demand: > 1 where
// more than one server is needed. `parts` are carried independently of each other (prefill, decode, ... in
// bounds; one part where capacities are simulated). Infinite: the option cannot serve the class within its
// SLO, or has another role.
struct Load {
  SecondsByPart seconds;
  double degraded_share = 1;  // of the demand that must still be carried when a spare is lost
  // The same where options do more once others are lost: who only decodes prefills where nobody else does.
  // Empty: they do not.
  SecondsByPart more_after_a_loss = {};
  bool are_whole = false;  // an option carries the same share of all parts that it carries

  const SecondsByPart& after_a_loss() const {
    return more_after_a_loss.empty() ? seconds : more_after_a_loss;
  }
};

}  // namespace kvsim::planner
