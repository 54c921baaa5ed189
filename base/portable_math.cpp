// SPDX-License-Identifier: Apache-2.0
#include "base/portable_math.h"

#include <bit>
#include <cstdint>
#include <limits>

namespace kvsim {
namespace {

// ln 2 and pi/2 split so that a whole number of up to 20 bits times the leading part is exact.
constexpr double kLn2High = 0x1.62e42feep-1;
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
constexpr double kHalfPiHigh = 0x1.921fb544p+0;
constexpr double kHalfPiMiddle = 0x1.0b4611a6p-34;
constexpr double kHalfPiLow = 0x1.3198a2e037073p-69;

double power_of_two(std::int64_t exponent) {  // -1022 .. 1023
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

std::int64_t nearest_whole(double x) { return static_cast<std::int64_t>(x < 0 ? x - 0.5 : x + 0.5); }

double sin_series(double r) {  // |r| <= pi/4: r^19/19! is below rounding
  const double z = r * r;
  double sum = 0;
  for (int n = 16; n >= 2; n -= 2) sum = (1 + sum) * (-z / (n * (n + 1)));
  return r + r * sum;
}

double cos_series(double r) {
  const double z = r * r;
  double sum = 0;
  for (int n = 17; n >= 1; n -= 2) sum = (1 + sum) * (-z / (n * (n + 1)));
  return 1 + sum;
}

}  // namespace

double portable_log(double x) {
  std::int64_t exponent = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 0x1p54;
    exponent = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  exponent += static_cast<std::int64_t>(bits >> 52) - 1023;
  double mantissa = std::bit_cast<double>((bits & 0xFFFFFFFFFFFFFull) | 0x3FF0000000000000ull);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    ++exponent;
  }
  // log m = 2 atanh(s) with s = (m - 1) / (m + 1), |s| <= 0.172.
  const double s = (mantissa - 1) / (mantissa + 1);
  const double z = s * s;
  double sum = 0;
  for (int n = 23; n >= 3; n -= 2) sum = (sum + 2.0 / n) * z;
  const double k = static_cast<double>(exponent);
  return k * kLn2High + (2 * s + (s * sum + k * kLn2Low));
}

double portable_exp(double x) {
  if (x != x) return x;
  if (x > 709.79) return std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0;
  const std::int64_t k = nearest_whole(x * 1.4426950408889634);
  const double r = (x - static_cast<double>(k) * kLn2High) - static_cast<double>(k) * kLn2Low;
  double sum = 1;
  for (int n = 14; n >= 1; --n) sum = 1 + sum * r / n;
  return sum * power_of_two(k / 2) * power_of_two(k - k / 2);
}

double portable_sin(double x) {
  const std::int64_t quarter = nearest_whole(x * 0.6366197723675814);
  const double k = static_cast<double>(quarter);
  const double r = ((x - k * kHalfPiHigh) - k * kHalfPiMiddle) - k * kHalfPiLow;
  const double value = quarter % 2 == 0 ? sin_series(r) : cos_series(r);
  return (quarter & 2) != 0 ? -value : value;
}

double portable_pow(double base, double exponent) {
  constexpr double kMostFactors = 1000;
  const double size = exponent < 0 ? -exponent : exponent;
  if (size > kMostFactors) return portable_exp(exponent * portable_log(base));
  const auto factors = static_cast<int>(size);
  double power = 1;
  for (int i = 0; i < factors; ++i) power *= base;
  if (size != factors) power *= portable_exp((size - factors) * portable_log(base));
  return exponent < 0 ? 1 / power : power;
}

}  // namespace kvsim
