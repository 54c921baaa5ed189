// SPDX-License-Identifier: Apache-2.0
// Distributions in our own YAML: a bare number is fixed; otherwise a map:
//   {distribution: fixed, value}            {distribution: uniform, min, max}
//   {distribution: normal, mean, deviation} {distribution: lognormal, mean, deviation} or {..., median, p95}
//   {distribution: exponential, mean}       {distribution: geometric, mean}      {distribution: poisson,
//   mean}
// each with optional `min` and `max`, to which draws are clamped.
#pragma once

#include <optional>
#include <string_view>

#include "base/fields.h"
#include "traces/generators/distribution.h"

namespace kvsim::traces {

struct Bounds {
  double low = 0;
  double high = 1e9;
};

constexpr Bounds kTokenBounds{1, 10'000'000};
constexpr Bounds kMaybeTokenBounds{0, 10'000'000};
constexpr Bounds kSecondsBounds{0, 1e9};

// Every value that can be drawn lies in `bounds`. `fallback` absent: the key is required.
Distribution read_distribution(Fields& parent, std::string_view key, Bounds bounds,
                               std::optional<Distribution> fallback = {});

}  // namespace kvsim::traces
