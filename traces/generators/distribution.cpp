// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/distribution.h"

#include <cmath>

#include "base/portable_math.h"

namespace kvsim::traces {

namespace {

constexpr double kNormal95 = 1.6448536269514722;  // 95th percentile of the standard normal
constexpr double kTwoOverPi = 0.63661977236758134;

}  // namespace

Distribution::Distribution(double fixed) : Distribution(DistributionParameters{.mean = fixed}) {}

Distribution::Distribution(const DistributionParameters& p)
    : shape_(p.shape), a_(p.mean), b_(p.deviation), low_(p.low), high_(p.high) {
  if (shape_ == Shape::kLognormal) {
    // Of values with mean m and variance v: log variance = ln(1 + v/m^2), log mean = ln m - log variance / 2.
    const double log_variance = portable_log(1 + (b_ / a_) * (b_ / a_));
    a_ = portable_log(a_) - log_variance / 2;
    b_ = std::sqrt(log_variance);
  }
  if (shape_ == Shape::kSkewNormal) {
    // d = skew / sqrt(1 + skew^2); the skewed unit variable has mean d*sqrt(2/pi) and variance 1 - mean^2.
    skew_share_ = p.skew / std::sqrt(1 + p.skew * p.skew);
    b_ /= std::sqrt(1 - skew_share_ * skew_share_ * kTwoOverPi);
    a_ -= b_ * skew_share_ * std::sqrt(kTwoOverPi);
  }
}

double Distribution::from_normal(double z) const {
  if (shape_ == Shape::kLognormal) return clamp(portable_exp(a_ + b_ * z));
  return clamp(shape_ == Shape::kFixed ? a_ : a_ + b_ * z);
}

double Distribution::sample(RandomStream& random) const {
  switch (shape_) {
    case Shape::kFixed:
      return clamp(a_);
    case Shape::kUniform:
      return clamp(low_ + (high_ - low_) * random.uniform());
    case Shape::kNormal:
    case Shape::kLognormal:
      return from_normal(random.normal(0, 1));
    case Shape::kSkewNormal: {
      const double folded = std::fabs(random.normal(0, 1));
      const double free = random.normal(0, 1);
      return clamp(a_ + b_ * (skew_share_ * folded + std::sqrt(1 - skew_share_ * skew_share_) * free));
    }
    case Shape::kExponential:
      return clamp(random.exponential(a_));
    case Shape::kPoisson:
      return clamp(static_cast<double>(random.poisson(a_)));
    case Shape::kGeometric:
      // P(N > n) = (1 - 1/mean)^n, so N = 1 + floor(E / -ln(1 - 1/mean)) with E exponential of mean 1.
      return clamp(a_ <= 1 ? 1 : 1 + std::floor(random.exponential(-1 / portable_log(1 - 1 / a_))));
  }
  return clamp(a_);
}

std::uint32_t Distribution::sample_tokens(RandomStream& random) const { return round_tokens(sample(random)); }

double Distribution::nominal_mean() const {
  switch (shape_) {
    case Shape::kUniform:
      return scale_ * (low_ + high_) / 2;
    case Shape::kLognormal:
      return scale_ * portable_exp(a_ + b_ * b_ / 2);
    case Shape::kSkewNormal:
      return scale_ * (a_ + b_ * skew_share_ * std::sqrt(kTwoOverPi));
    default:
      return scale_ * a_;
  }
}

Distribution Distribution::times(double factor) const {
  Distribution result = *this;
  result.scale_ *= factor;
  return result;
}

std::uint32_t round_tokens(double value) {
  if (!(value > 1)) return 1;
  return value >= 4294967295.0 ? 4294967295u : static_cast<std::uint32_t>(value + 0.5);
}

MeanDeviation lognormal_from_percentiles(double median, double p95) {
  const double log_deviation = portable_log(p95 / median) / kNormal95;
  const double mean = median * portable_exp(log_deviation * log_deviation / 2);
  return {mean, mean * std::sqrt(portable_exp(log_deviation * log_deviation) - 1)};
}

}  // namespace kvsim::traces
