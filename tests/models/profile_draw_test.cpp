// SPDX-License-Identifier: Apache-2.0
// Are drawn profiles as uncertain as their ranges say, physical, and the same wherever they are drawn?
#include "models/profile_draw.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "models/profile_library.h"

namespace kvsim::models {
namespace {

Coefficient range(double low, double value, double high) { return {value, low, high, "test", "2026"}; }

PerformanceProfile profile_with(CoefficientMap coefficients) {
  PerformanceProfile profile;
  profile.name = "p";
  profile.coefficients = std::move(coefficients);
  return profile;
}

// In the logarithm each side is a triangle that ends at 1 / (1 - sqrt(0.1)) times the way to the bound, so
// the bound is where 5 % of all draws lie beyond, and the half of the way back from the end, (1/2)^2 / 2.
TEST(DrawnValue, HasTheRangeAs90PerCentInterval) {
  const Coefficient c = range(2e-4, 5e-4, 2e-3);
  EXPECT_NEAR(drawn_value(c, false, 0.05), 2e-4, 1e-12);
  EXPECT_NEAR(drawn_value(c, false, 0.5), 5e-4, 1e-18);
  EXPECT_NEAR(drawn_value(c, false, 0.95), 2e-3, 1e-11);
  const double end = drawn_value(c, false, 0);
  EXPECT_NEAR(end, 5e-4 * std::pow(0.4, 1 / (1 - std::sqrt(0.1))), 1e-12);
  EXPECT_NEAR(drawn_value(c, false, 0.125), std::sqrt(5e-4 * end), 1e-12);
}

TEST(DrawnValue, StaysWhereTheRangeHasNoWidth) {
  for (const double position : {0.0, 0.2, 0.5, 0.9, 0.999}) {
    EXPECT_EQ(drawn_value(range(0.3, 0.3, 0.3), true, position), 0.3);
    EXPECT_EQ(drawn_value(range(0, 0, 0), false, position), 0);
  }
}

TEST(DrawnValue, EndsWherePhysicsDoes) {
  EXPECT_EQ(drawn_value(range(0.8, 0.9, 1), true, 0.999), 1);
  EXPECT_GT(drawn_value(range(0, 0.9, 1), true, 0), 0);
  EXPECT_EQ(drawn_value(range(0, 2, 3), false, 0), 0);
  EXPECT_NEAR(drawn_value(range(0, 2, 3), false, 0.125), 1, 1e-12);  // linear: half of the way to 0
  EXPECT_EQ(drawn_value(range(0, 0, 3), false, 0.4), 0);
  EXPECT_NEAR(drawn_value(range(0, 0, 3), false, 0.95), 3, 1e-12);
  EXPECT_LE(drawn_value(range(1e-300, 1, 1e18), false, 0.9999), 1e18);
}

TEST(DrawnValue, RisesWithThePosition) {
  for (const Coefficient& c : {range(0, 0.5, 0.9), range(0.1, 0.5, 0.6), range(0, 0, 1)}) {
    double before = -1;
    for (int i = 0; i < 1000; ++i) {
      const double value = drawn_value(c, true, i / 1000.0);
      EXPECT_GE(value, before) << i;
      before = value;
    }
  }
}

TEST(DrawProfile, HasNineOfTenDrawsWithinTheRange) {
  const auto profile = profile_with({{"step_seconds", range(1, 2, 5)}});
  for (const std::uint64_t seed : {1, 2, 3}) {
    int below = 0;
    int above = 0;
    for (std::uint64_t i = 0; i < 4000; ++i) {
      const double value = draw_profile(profile, {seed, i}).coefficients.at("step_seconds").value;
      below += value < 1;
      above += value > 5;
    }
    EXPECT_NEAR(below, 200, 60) << seed;  // over 4 standard deviations
    EXPECT_NEAR(above, 200, 60) << seed;
  }
}

// What a bootstrap pins down only together stays together: here a sum.
TEST(DrawProfile, TakesItsOwnDrawsWholeAndEachOnce) {
  auto profile = profile_with({{"step_seconds", range(1, 2, 3)},
                               {"layer_seconds", range(1, 2, 3)},
                               {"sequence_seconds", range(1, 1.5, 2)},
                               {"frontend_seconds", range(4, 4, 4)}});
  for (int i = 0; i < 20; ++i)
    profile.draws.push_back({{"step_seconds", 10.0 + i}, {"layer_seconds", 30.0 - i}});
  std::set<double> seen;
  std::set<double> alone;
  for (std::uint64_t i = 0; i < 20; ++i) {
    const PerformanceProfile drawn = draw_profile(profile, {7, i});
    const double step = drawn.coefficients.at("step_seconds").value;
    EXPECT_EQ(step + drawn.coefficients.at("layer_seconds").value, 40) << i;
    EXPECT_EQ(drawn.coefficients.at("frontend_seconds").value, 4) << i;
    EXPECT_EQ(draw_profile(profile, {7, i + 20}).coefficients.at("step_seconds").value, step) << i;
    EXPECT_TRUE(drawn.draws.empty());
    seen.insert(step);
    alone.insert(drawn.coefficients.at("sequence_seconds").value);
  }
  EXPECT_EQ(seen.size(), 20u);
  EXPECT_EQ(alone.size(), 20u);
}

TEST(DrawProfile, IsTheSameForTheSameSeedIndexAndNames) {
  const auto one = profile_with({{"step_seconds", range(1, 2, 3)}});
  const auto two = profile_with({{"step_seconds", range(1, 2, 3)}, {"layer_seconds", range(1, 2, 3)}});
  const auto step = [](const PerformanceProfile& profile, ProfileDraw draw) {
    return draw_profile(profile, draw).coefficients.at("step_seconds").value;
  };
  EXPECT_EQ(step(one, {1, 0}), step(two, {1, 0}));
  EXPECT_NE(step(one, {1, 0}), step(one, {1, 1}));
  EXPECT_NE(step(one, {1, 0}), step(one, {2, 0}));
  auto renamed = one;
  renamed.name = "q";
  EXPECT_NE(step(one, {1, 0}), step(renamed, {1, 0}));
  const PerformanceProfile drawn = draw_profile(two, {1, 0});
  EXPECT_NE(drawn.coefficients.at("step_seconds").value, drawn.coefficients.at("layer_seconds").value);
}

TEST(DrawProfile, KeepsShippedProfilesPhysical) {
  const ProfileLibrary shipped = ProfileLibrary::load_default();
  for (const PerformanceProfile& profile : shipped.profiles()) {
    for (std::uint64_t i = 0; i < 100; ++i)
      EXPECT_NO_THROW(check_profile(draw_profile(profile, {5, i}))) << profile.name << " " << i;
  }
}

}  // namespace
}  // namespace kvsim::models
