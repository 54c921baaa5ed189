// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fields.h"
#include "traces/generators/read_distribution.h"
#include "traces/population/population.h"

namespace kvsim::traces {

// Numbers that may be one value or {low, mid, high}.
class Cased {
 public:
  explicit Cased(std::string chosen) : chosen_(std::move(chosen)) {}
  double number(Fields& fields, std::string_view key, NumberRange range,
                std::optional<double> fallback = {}) const;
  // A map with `distribution` is read as it stands; a number or {low, mid, high} is the mean of a lognormal
  // whose deviation equals its mean.
  Distribution amount(Fields& fields, std::string_view key, Bounds bounds, double fallback) const;

 private:
  std::string chosen_;
};

// Reads all of `fields` and finishes it.
PopulationTenant read_tenant(Fields& fields, const Cased& cased, double growth,
                             std::vector<std::pair<std::string, std::string>>& notes);

}  // namespace kvsim::traces
