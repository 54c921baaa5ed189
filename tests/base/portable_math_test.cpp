// SPDX-License-Identifier: Apache-2.0
// The reference here is the platform's libm; the bits below were taken from the functions themselves and hold
// them to one answer on every machine.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <filesystem>
#include <limits>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/portable_math.h"
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

TEST(PortableMath, PowIsAccurate) {
  RandomStream random(5, "pow");
  for (int i = 0; i < kDraws; ++i) {
    const double base = 0.01 + 3 * random.uniform(), exponent = (random.uniform() - 0.5) * 100;
    EXPECT_NEAR(portable_pow(base, exponent) / std::pow(base, exponent), 1, 2e-14) << base << "^" << exponent;
  }
  EXPECT_NEAR(portable_pow(1.001, 123456.7) / std::pow(1.001, 123456.7), 1, 1e-12);
}

TEST(PortableMath, PowOfAWholeNumberIsWhatMultiplyingGives) {
  EXPECT_EQ(portable_pow(1.5, 3), 1.5 * 1.5 * 1.5);
  EXPECT_EQ(portable_pow(1.1, -2), 1 / (1.1 * 1.1));
  EXPECT_EQ(portable_pow(7, 0), 1);
}

TEST(PortableMath, GivesTheSameBitsEverywhere) {
  EXPECT_EQ(bits_of(portable_log(0.1)), 0xC0026BB1BBB55515u);
  EXPECT_EQ(bits_of(portable_log(12345.678)), 0x4022D79559791E31u);
  EXPECT_EQ(bits_of(portable_exp(0.1)), 0x3FF1AEC7B35A00D4u);
  EXPECT_EQ(bits_of(portable_exp(-12.5)), 0x3ECF42ED3F68E690u);
  EXPECT_EQ(bits_of(portable_sin(1.0)), 0x3FEAED548F090CEEu);
  EXPECT_EQ(bits_of(portable_sin(98765.4321)), 0x3FA5A0FD0D209B99u);
  EXPECT_EQ(bits_of(portable_pow(1.07, 2.5)), 0x3FF2F2DE05DA33FFu);
}

bool is_source(const std::filesystem::path& path) {
  return path.extension() == ".cpp" || path.extension() == ".h";
}

// Lines of a room's files that call what differs from one processor to the next.
std::vector<std::string> calls_of_the_c_library(const std::string& room) {
  const std::regex call(
      "std::(exp2?|expm1|log(2|10|1p)?|pow|cbrt|hypot|a?(sin|cos|tan)h?|atan2|erfc?|[tl]gamma|fma)\\(");
  std::vector<std::string> found;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(KVSIM_SOURCE_DIR) + "/" + room)) {
    if (!is_source(entry.path())) continue;
    std::istringstream text(read_file(entry.path().string()));
    for (std::string line; std::getline(text, line);)
      if (std::regex_search(line, call)) found.push_back(entry.path().string() + ": " + line);
  }
  return found;
}

TEST(PortableMath, IsWhatEveryRoomUses) {
  for (const char* room :
       {"base", "hardware-catalog", "traces", "models", "sim", "planner", "validation", "cli"})
    EXPECT_EQ(calls_of_the_c_library(room), std::vector<std::string>()) << room;
}

}  // namespace
}  // namespace kvsim
