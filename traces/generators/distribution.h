// SPDX-License-Identifier: Apache-2.0
// Distributions of lengths (tokens) and times (seconds). Every draw is clamped to [low, high]; `mean` and
// `deviation` are those of the distribution before clamping.
#pragma once

#include <cstdint>

#include "base/random.h"

namespace kvsim::traces {

enum class Shape {
  kFixed,        // mean
  kUniform,      // from low to high
  kNormal,       // mean, deviation
  kSkewNormal,   // mean, deviation, skew (Azzalini's shape; 0: normal)
  kLognormal,    // mean, deviation of the values themselves
  kExponential,  // mean
  kPoisson,      // mean
  kGeometric     // mean >= 1; 1, 2, 3, ...
};

struct DistributionParameters {
  Shape shape = Shape::kFixed;
  double mean = 0;
  double deviation = 0;
  double skew = 0;
  double low = 0;
  double high = 1e18;
};

class Distribution {
 public:
  explicit Distribution(double fixed = 0);
  explicit Distribution(const DistributionParameters& parameters);

  double sample(RandomStream& random) const;
  std::uint32_t sample_tokens(RandomStream& random) const;  // rounded to the nearest, at least 1

  // The draw that a standard normal `z` stands for; only where follows_normal(). Makes correlated pairs.
  double from_normal(double z) const;
  bool follows_normal() const {
    return is_fixed() || shape_ == Shape::kNormal || shape_ == Shape::kLognormal;
  }
  bool is_fixed() const { return shape_ == Shape::kFixed; }
  double nominal_mean() const;              // before clamping; of the uniform: the middle
  Distribution times(double factor) const;  // every draw multiplied

 private:
  double clamp(double value) const { return scale_ * (value < low_ ? low_ : value > high_ ? high_ : value); }

  Shape shape_;
  double a_ = 0;  // location, or log mean, or mean
  double b_ = 0;  // scale, or log deviation
  double skew_share_ = 0;
  double low_;
  double high_;
  double scale_ = 1;
};

std::uint32_t round_tokens(double value);  // nearest, in [1, 2^32 - 1]

// Lognormal parameters from two percentiles: log mean = ln(median), log deviation = ln(p95 / median)
// / 1.6449.
struct MeanDeviation {
  double mean;
  double deviation;
};
MeanDeviation lognormal_from_percentiles(double median, double p95);

}  // namespace kvsim::traces
