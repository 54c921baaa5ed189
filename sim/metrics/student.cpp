// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/student.h"

#include <numbers>

#include "base/portable_math.h"

namespace kvsim::sim {
namespace {

constexpr int kTerms = 120;  // of the continued fraction: 76 are within 1e-14 for every freedom up to 100,000

// B(a, 1/2) for a = freedom / 2, upwards from B(1/2, 1/2) = pi or B(1, 1/2) = 2 by
// B(a + 1, 1/2) = B(a, 1/2) a / (a + 1/2).
double beta_with_half(std::size_t freedom) {
  double a = freedom % 2 == 0 ? 1 : 0.5;
  double value = freedom % 2 == 0 ? 2 : std::numbers::pi;
  for (std::size_t at = freedom % 2 == 0 ? 2 : 1; at < freedom; at += 2, a += 1) value *= a / (a + 0.5);
  return value;
}

// 1 / (1 + d1 / (1 + d2 / (1 + ...))) of DLMF 8.17.22, from the last term backwards.
double continued_fraction(double a, double b, double x) {
  double rest = 1;
  for (int n = kTerms; n >= 1; --n) {
    const double m = n / 2;
    const double d = n % 2 == 0 ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                                : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    rest = 1 + d / rest;
  }
  return 1 / rest;
}

}  // namespace

// It is the regularised incomplete beta function I_x(a, 1/2) at a = freedom / 2, x = freedom / (freedom +
// t^2): DLMF 8.17.22, and where that converges slowly 1 - I_{1 - x}(1/2, a).
double student_beyond(double t, std::size_t freedom) {
  const double n = static_cast<double>(freedom);
  const double x = n / (n + t * t);
  const double y = t * t / (n + t * t);
  if (!(y > 0)) return y == 0 ? 1 : 0;  // not a number: t^2 is beyond the largest double
  if (!(x > 0)) return 0;
  const double a = n / 2;
  const double b = 0.5;
  const double front =
      portable_exp(a * portable_log(x) + b * portable_log(y)) / beta_with_half(freedom);  // x^a y^b / B
  return x < (a + 1) / (a + b + 2) ? front * continued_fraction(a, b, x) / a
                                   : 1 - front * continued_fraction(b, a, y) / b;
}

double student_limit(double beyond, std::size_t freedom) {
  double low = 0;
  double high = 1;
  while (student_beyond(high, freedom) > beyond) high *= 2;
  for (double middle = high / 2; middle > low && middle < high; middle = low + (high - low) / 2)
    (student_beyond(middle, freedom) > beyond ? low : high) = middle;
  return high;
}

}  // namespace kvsim::sim
