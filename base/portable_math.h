// SPDX-License-Identifier: Apache-2.0
// The C library chooses its exp, log, pow and their kin by the processor, and their last bits differ. These
// are built from +, -, *, / only, so that a result is the same on every machine; std::sqrt, std::floor and
// std::ldexp are exact.
#pragma once

namespace kvsim {

// Natural logarithm and exponential; relative error under 1e-14. log needs x > 0 finite.
double portable_log(double x);
double portable_exp(double x);
double portable_sin(double x);  // |x| < 1e6

// base^exponent, base > 0: whole exponents up to 1000 by multiplication, the rest as exp(exponent log base).
double portable_pow(double base, double exponent);

}  // namespace kvsim
