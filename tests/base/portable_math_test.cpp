// SPDX-License-Identifier: Apache-2.0
// The reference here is the platform's libm; the bits below were taken from the functions themselves and hold
// them to one answer on every machine.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "base/random.h"

namespace kvsim {
namespace {

constexpr int kDraws = 200'000;

std::uint64_t bits_of(double x) { return std::bit_cast<std::uint64_t>(x); }

TEST(PortableMath, LogIsAccurateOverAllMagnitudes) {
  RandomStream random(1, "log");
  for (int i = 0; i < kDraws; ++i) {
    const double x = std::ldexp(1 + random.uniform(), static_cast<int>(random.below(2046)) - 1022);
    EXPECT_NEAR(portable_log(x), std::log(x), 1e-15 * std::fabs(std::log(x)) + 1e-300) << x;
  }
}

TEST(PortableMath, LogIsAccurateNearOne) {
  RandomStream random(2, "log near one");
  for (int i = 0; i < kDraws; ++i) {
    const double x = 1 + (random.uniform() - 0.5) * std::ldexp(1.0, -static_cast<int>(random.below(40)));
    EXPECT_NEAR(portable_log(x), std::log(x), 2e-15 * std::fabs(std::log(x))) << x;
  }
  EXPECT_EQ(portable_log(1), 0);
}

TEST(PortableMath, LogTakesSubnormals) {
  const double smallest = std::numeric_limits<double>::denorm_min();
  EXPECT_NEAR(portable_log(smallest), std::log(smallest), 1e-12);
}

TEST(PortableMath, ExpIsAccurate) {
  RandomStream random(3, "exp");
  for (int i = 0; i < kDraws; ++i) {
    const double x = (random.uniform() - 0.5) * 1416;
    EXPECT_NEAR(portable_exp(x) / std::exp(x), 1, 1e-14) << x;
  }
  EXPECT_EQ(portable_exp(0), 1);
}

TEST(PortableMath, ExpSaturates) {
  EXPECT_EQ(portable_exp(1e9), std::numeric_limits<double>::infinity());
  EXPECT_EQ(portable_exp(-1e9), 0);
  EXPECT_NEAR(portable_exp(709.7) / std::exp(709.7), 1, 1e-13);
  EXPECT_GT(portable_exp(-744), 0);
  EXPECT_TRUE(std::isnan(portable_exp(std::nan(""))));
}

TEST(PortableMath, SinIsAccurate) {
  RandomStream random(4, "sin");
  for (int i = 0; i < kDraws; ++i) {
    const double x = (random.uniform() - 0.5) * 2e6;
    EXPECT_NEAR(portable_sin(x), std::sin(x), 4e-16) << x;
  }
}

TEST(PortableMath, GivesTheSameBitsEverywhere) {
  EXPECT_EQ(bits_of(portable_log(0.1)), 0xC0026BB1BBB55515u);
  EXPECT_EQ(bits_of(portable_log(12345.678)), 0x4022D79559791E31u);
  EXPECT_EQ(bits_of(portable_exp(0.1)), 0x3FF1AEC7B35A00D4u);
  EXPECT_EQ(bits_of(portable_exp(-12.5)), 0x3ECF42ED3F68E690u);
  EXPECT_EQ(bits_of(portable_sin(1.0)), 0x3FEAED548F090CEEu);
  EXPECT_EQ(bits_of(portable_sin(98765.4321)), 0x3FA5A0FD0D209B99u);
}

}  // namespace
}  // namespace kvsim
