// SPDX-License-Identifier: Apache-2.0
// How many random cases a test runs: all, or the share that $KVSIM_TEST_SCALE gives, such as 0.1 under
// sanitizers.
#pragma once

#include <algorithm>
#include <cstdlib>

#include "base/text.h"

namespace kvsim {

inline int random_cases(int in_full) {
  const char* scale = std::getenv("KVSIM_TEST_SCALE");
  const double share = scale == nullptr ? 1 : parse_double(scale).value_or(1);
  return std::max(1, static_cast<int>(in_full * share));
}

}  // namespace kvsim
