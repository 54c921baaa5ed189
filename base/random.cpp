// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <bit>
#include <cmath>

#include "base/portable_math.h"

namespace kvsim {
namespace {

constexpr std::uint64_t kGoldenRatio = 0x9E3779B97F4A7C15ull;
__extension__ using Wide = unsigned __int128;

// x log(x / m) + m - x without cancellation where x is near m (Loader 2000).
double deviance(double x, double m) {
  if (x == 0) return m;
  const double v = (x - m) / (x + m);
  if (v > 0.1 || v < -0.1) return x * portable_log(x / m) + m - x;
  double sum = (x - m) * v;
  double term = 2 * x * v;
  for (int n = 3; n < 40; n += 2) {
    term *= v * v;
    sum += term / n;
  }
  return sum;
}

// log k! - [k log k - k + log(2 pi k) / 2], by Stirling's series; below 10 from the product itself.
double stirling_error(double k) {
  constexpr double kLog2Pi = 1.8378770664093453;
  if (k < 10) {
    double factorial = 1;
    for (double i = 2; i <= k; ++i) factorial *= i;
    return portable_log(factorial) - (k * portable_log(k) - k + 0.5 * (kLog2Pi + portable_log(k)));
  }
  const double z = 1 / (k * k);
  return (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z / 1188)))) / k;
}

double log_poisson_mass(double k, double mean) {
  constexpr double kLog2Pi = 1.8378770664093453;
  if (k == 0) return -mean;
  return -deviance(k, mean) - stirling_error(k) - 0.5 * (kLog2Pi + portable_log(k));
}

}  // namespace

std::uint64_t mix64(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ull;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBull;
  return value ^ (value >> 31);
}

std::uint64_t hash_text(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325ull;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  return mix64(hash);
}

RandomStream::RandomStream(std::uint64_t seed, std::string_view name) {
  std::uint64_t counter = mix64(seed + kGoldenRatio) ^ hash_text(name);
  for (std::uint64_t& word : state_) word = mix64(counter += kGoldenRatio);
}

std::uint64_t RandomStream::bits() {
  const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double RandomStream::uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }

std::uint64_t RandomStream::below(std::uint64_t count) {  // Lemire 2019
  Wide product = static_cast<Wide>(bits()) * count;
  if (static_cast<std::uint64_t>(product) < count) {
    const std::uint64_t threshold = (0 - count) % count;
    while (static_cast<std::uint64_t>(product) < threshold) product = static_cast<Wide>(bits()) * count;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

double RandomStream::exponential(double mean) { return -mean * portable_log(1 - uniform()); }

double RandomStream::normal(double mean, double deviation) {
  if (has_spare_) {
    has_spare_ = false;
    return mean + deviation * spare_normal_;
  }
  double x = 0, y = 0, square = 0;
  do {
    x = 2 * uniform() - 1;
    y = 2 * uniform() - 1;
    square = x * x + y * y;
  } while (square >= 1 || square == 0);
  const double scale = std::sqrt(-2 * portable_log(square) / square);
  spare_normal_ = y * scale;
  has_spare_ = true;
  return mean + deviation * x * scale;
}

double RandomStream::lognormal(double log_mean, double log_deviation) {
  return portable_exp(normal(log_mean, log_deviation));
}

double RandomStream::gamma(double shape, double scale) {
  if (shape < 1) {
    const double lift = portable_exp(portable_log(1 - uniform()) / shape);
    return gamma(shape + 1, scale) * lift;
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = normal(0, 1);
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (portable_log(1 - uniform()) < 0.5 * x * x + d - d * v + d * portable_log(v)) return d * v * scale;
  }
}

std::uint64_t RandomStream::poisson(double mean) {
  if (!(mean > 0)) return 0;
  if (mean < 10) {
    const double limit = portable_exp(-mean);
    std::uint64_t count = 0;
    for (double product = 1 - uniform(); product > limit; product *= 1 - uniform()) ++count;
    return count;
  }
  // Transformed rejection (Hoermann 1993, algorithm PTRS).
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double sure = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    const double u = uniform() - 0.5;
    const double v = 1 - uniform();
    const double us = 0.5 - std::fabs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= sure) return static_cast<std::uint64_t>(k);
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (portable_log(v * inverse_alpha / (a / (us * us) + b)) <= log_poisson_mass(k, mean)) {
      return static_cast<std::uint64_t>(k);
    }
  }
}

}  // namespace kvsim
