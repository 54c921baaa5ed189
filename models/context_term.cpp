// SPDX-License-Identifier: Apache-2.0
#include "models/context_term.h"

#include <algorithm>
#include <cmath>

namespace kvsim::models {
namespace {

constexpr double kManySteps = 1e15;

}  // namespace

std::uint64_t steps_below(const Line& line, double floor) {
  if (line.growth <= 0) return kUnlimitedSteps;
  const double more = std::floor((floor - line.first) / line.growth);
  if (more >= kManySteps) return static_cast<std::uint64_t>(kManySteps);
  auto steps = static_cast<std::uint64_t>(std::max(0.0, more)) + 1;
  while (steps > 1 && line.at(steps) > floor) --steps;
  return steps;
}

}  // namespace kvsim::models
