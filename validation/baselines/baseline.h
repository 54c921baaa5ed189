// SPDX-License-Identifier: Apache-2.0
// What a plain rule would have said of a figure that was measured: kvsim is worth its trouble where it is
// nearer than these. None of them simulates anything.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "validation/case.h"
#include "validation/offered_load.h"

namespace kvsim::validation {

struct BaselineInput {
  const Point& point;  // its fleet, and all that was measured of it
  const std::vector<OfferedLoad>& loads;
};

struct Baseline {
  std::string_view name;
  std::string_view about;
  // Nothing where the rule does not apply. It may look at figures of other stages, never at this one's value.
  std::optional<double> (*predict)(const BaselineInput& input, const MeasuredFigure& figure);
};

const std::vector<Baseline>& baselines();

}  // namespace kvsim::validation
