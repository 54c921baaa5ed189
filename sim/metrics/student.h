// SPDX-License-Identifier: Apache-2.0
// Student's t distribution, made of +, -, *, /, square roots and our own logarithm and exponential, so that
// every machine gets the same bits.
#pragma once

#include <cstddef>

namespace kvsim::sim {

// The chance that |T| exceeds |t|, with `freedom` degrees of freedom, 1 to 100,000. Relative error under
// 1e-10 where the chance is above 1e-250.
double student_beyond(double t, std::size_t freedom);

// The t > 0 that |T| exceeds with the chance `beyond`, between 0 and 1: 0.05 for a two-sided interval of 95
// %. Relative error under 1e-9 where `beyond` lies between 1e-12 and 0.999.
double student_limit(double beyond, std::size_t freedom);

}  // namespace kvsim::sim
