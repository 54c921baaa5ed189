// SPDX-License-Identifier: Apache-2.0
#include "models/profile_draw.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "base/portable_math.h"
#include "base/random.h"

namespace kvsim::models {
namespace {

using Drawn = std::map<std::string, double, std::less<>>;

// Of the way from the median to the end of a triangle, 10 % of it lies beyond this share: (1 - s)^2 = 0.1.
constexpr double kShareAtBound = 0.68377223398316207;
constexpr double kLargest = 1e18;  // as readers have it

// `way` from 0 at the median to 1 at the end of the triangle.
double value_at(double median, double bound, double way) {
  if (bound == median) return median;
  if (median <= 0) return bound * way / kShareAtBound;  // no logarithm, and nothing below
  if (bound <= 0) return median * (1 - way);
  return median * portable_exp(portable_log(bound / median) * way / kShareAtBound);
}

const Drawn* own_draw(const PerformanceProfile& profile, ProfileDraw draw) {
  if (profile.draws.empty()) return nullptr;
  std::vector<std::size_t> order(profile.draws.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  RandomStream(draw.seed, "draws of profile " + profile.name).shuffle(order);
  return &profile.draws[order[draw.index % order.size()]];
}

double value_of(const PerformanceProfile& profile, const std::string& name, const Coefficient& coefficient,
                ProfileDraw draw) {
  RandomStream random(draw.seed, fmt::format("profile {} {} {}", profile.name, name, draw.index));
  const bool is_share = find_coefficient(name)->unit == CoefficientUnit::kShare;
  return drawn_value(coefficient, is_share, random.uniform());
}

}  // namespace

double drawn_value(const Coefficient& coefficient, bool is_share, double position) {
  const double median = coefficient.value;
  const bool below = position < 0.5;
  const double way = 1 - std::sqrt(below ? 2 * position : 2 * (1 - position));
  const double value = value_at(median, below ? coefficient.low : coefficient.high, way);
  return is_share ? std::clamp(value, std::numeric_limits<double>::min(), 1.0) : std::min(value, kLargest);
}

PerformanceProfile draw_profile(const PerformanceProfile& profile, ProfileDraw draw) {
  PerformanceProfile drawn = profile;
  drawn.draws.clear();
  const Drawn* own = own_draw(profile, draw);
  for (auto& [name, c] : drawn.coefficients) {
    const auto found = own == nullptr ? Drawn::const_iterator() : own->find(name);
    const bool is_own = own != nullptr && found != own->end();
    c.value = is_own ? found->second : value_of(profile, name, c, draw);
    c.low = c.high = c.value;
  }
  return drawn;
}

}  // namespace kvsim::models
