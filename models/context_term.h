// SPDX-License-Identifier: Apache-2.0
// Terms that grow with the tokens that attention reads, and for how many steps their lines hold.
#pragma once

#include <cstdint>

#include "models/step_time.h"

namespace kvsim::models {

// Seconds for each token of context, in layers that see all of it and in layers with a window.
struct ContextTerm {
  double full = 0;
  double window = 0;
};

inline double context_seconds(const ContextTerm& term, double all, double within_window) {
  return term.full * all + term.window * within_window;
}

// Steps for which a growing line stays at or below `floor`, at least 1; line.first <= floor.
std::uint64_t steps_below(const Line& line, double floor);

}  // namespace kvsim::models
