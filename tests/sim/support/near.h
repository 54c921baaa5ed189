// SPDX-License-Identifier: Apache-2.0
// Times that may differ by a little, in whole nanoseconds.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/time.h"

namespace kvsim::testing {

inline ::testing::AssertionResult near(Nanoseconds found, Nanoseconds expected, Nanoseconds within) {
  if (std::abs(found - expected) <= within) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << found << " is not within " << within << " of " << expected;
}

}  // namespace kvsim::testing
