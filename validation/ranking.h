// SPDX-License-Identifier: Apache-2.0
// Curves over the same x that stand against each other: which is best at each x, measured and simulated?
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "validation/curve.h"

namespace kvsim::validation {

struct Ranking {
  struct Member {
    std::string name;
    std::size_t curve = 0;  // of the case
  };
  std::string name;
  std::vector<Member> members;
  bool largest_first = true;
  double tie = 0;  // a difference below this share of the larger value is none
  // Indices of members, best first; of those in one group nothing is claimed. Each stands in one group.
  std::vector<std::vector<std::size_t>> expected;
  double judged_from = 0;  // x from which on the expected order is judged
  std::string explained;
};

// Which of the curves it ranks is told by their names. Curves of unlike x are a problem.
Ranking read_ranking(Fields& entry, const std::vector<Curve>& curves);

}  // namespace kvsim::validation
