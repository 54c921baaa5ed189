// SPDX-License-Identifier: Apache-2.0
// Is Student's t what tables, closed forms and other series say, to the accuracy of the header?
#include "sim/metrics/student.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <tuple>

namespace kvsim::sim {
namespace {

// Abramowitz and Stegun 26.7.3 and 26.7.4, with theta = atan(t / sqrt n): |T| <= t has the chance
//   n odd:  2/pi (theta + sin theta (cos + 2/3 cos^3 + ... + 2*4..(n-3) / (1*3..(n-2)) cos^(n-2)))
//   n even: sin theta (1 + 1/2 cos^2 + ... + 1*3..(n-3) / (2*4..(n-2)) cos^(n-2))
double within(double t, int n) {
  const double theta = std::atan(t / std::sqrt(n)), c = std::cos(theta);
  double sum = 0, term = n % 2 == 0 ? 1 : c;
  for (int k = n % 2 == 0 ? 2 : 3; k <= n; k += 2) {
    sum += term;
    term *= c * c * (k - 1) / k;
  }
  return n % 2 == 0 ? std::sin(theta) * sum : 2 / std::numbers::pi * (theta + std::sin(theta) * sum);
}

TEST(Student, LimitsAreThoseOfTables) {
  const std::tuple<double, std::size_t, double> table[] = {
      {0.05, 1, 12.706}, {0.05, 2, 4.303},   {0.05, 3, 3.182},  {0.05, 4, 2.776},  {0.05, 5, 2.571},
      {0.05, 9, 2.262},  {0.05, 10, 2.228},  {0.05, 19, 2.093}, {0.05, 30, 2.042}, {0.05, 120, 1.980},
      {0.01, 1, 63.657}, {0.01, 5, 4.032},   {0.01, 10, 3.169}, {0.10, 1, 6.314},  {0.10, 15, 1.753},
      {0.001, 4, 8.610}, {0.001, 30, 3.646}, {0.50, 10, 0.700}, {0.02, 18, 2.552}};
  for (const auto& [beyond, freedom, t] : table)
    EXPECT_NEAR(student_limit(beyond, freedom), t, 0.0005) << beyond << " " << freedom;
}

// n = 1: |T| > t has the chance 2/pi atan(1/t), so t = 1 / tan(pi p / 2).
// n = 2: it is 1 - t / s = 2 / (s (s + t)) with s = sqrt(2 + t^2), so t = c sqrt(2 / (1 - c^2)) with c = 1 -
// p,
//        where 1 - c^2 = p (2 - p).
TEST(Student, OneAndTwoDegreesHaveClosedForms) {
  for (const double p : {1e-12, 1e-6, 0.001, 0.05, 0.3, 0.9, 0.999}) {
    const double one = 1 / std::tan(std::numbers::pi * p / 2), two = (1 - p) * std::sqrt(2 / (p * (2 - p)));
    EXPECT_NEAR(student_limit(p, 1) / one, 1, 1e-9) << p;
    EXPECT_NEAR(student_limit(p, 2) / two, 1, 1e-9) << p;
  }
  for (const double t : {0.1, 1.0, 3.0, 100.0, 1e10}) {
    const double s = std::sqrt(2 + t * t);
    EXPECT_NEAR(student_beyond(t, 1) * std::numbers::pi / 2 / std::atan(1 / t), 1, 1e-10) << t;
    EXPECT_NEAR(student_beyond(t, 2) * s * (s + t) / 2, 1, 1e-10) << t;
  }
}

TEST(Student, AgreesWithFiniteSeries) {
  for (int n = 1; n <= 1000; n += n < 40 ? 1 : 37)
    for (const double t : {0.01, 0.5, 1.0, 1.7, 2.5, 4.0}) {
      EXPECT_NEAR(student_beyond(t, n), 1 - within(t, n), 2e-13) << t << " " << n;
      EXPECT_EQ(student_beyond(-t, n), student_beyond(t, n));
    }
}

TEST(Student, LimitIsTheInverse) {
  for (const std::size_t n : {1, 2, 3, 9, 50, 999, 100'000})
    for (const double p : {1e-12, 0.01, 0.05, 0.5, 0.999})
      EXPECT_NEAR(student_beyond(student_limit(p, n), n) / p, 1, 1e-9) << n << " " << p;
}

// t = z + (z^3 + z) / (4 n) + O(1/n^2) (Abramowitz and Stegun 26.7.5), z = 1.959963984540054.
TEST(Student, ManyDegreesAreNormal) {
  const double z = 1.959963984540054, n = 100'000;
  EXPECT_NEAR(student_limit(0.05, 100'000), z + (z * z * z + z) / (4 * n), 1e-9);
}

TEST(Student, EndsAreCertain) {
  EXPECT_EQ(student_beyond(0, 5), 1);
  EXPECT_EQ(student_beyond(1e200, 5), 0);
  EXPECT_EQ(student_beyond(HUGE_VAL, 1), 0);
}

}  // namespace
}  // namespace kvsim::sim
