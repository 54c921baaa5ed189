// SPDX-License-Identifier: Apache-2.0
// Named random streams. A stream depends on (seed, name) alone, so one component's draws never shift
// another's. Same bits on every x86-64 machine: xoshiro256++ (Blackman, Vigna 2019) and our own transforms;
// no libm, no std::*_distribution.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace kvsim {

// 64-bit mixing (splitmix64 finaliser) and a hash of a text (FNV-1a, mixed).
std::uint64_t mix64(std::uint64_t value);
std::uint64_t hash_text(std::string_view text);

class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name);

  std::uint64_t bits();
  double uniform();                          // [0, 1), 53 bits
  std::uint64_t below(std::uint64_t count);  // 0 .. count-1, unbiased; count > 0
  double exponential(double mean);
  double normal(double mean, double deviation);  // polar method; one draw kept
  double lognormal(double log_mean, double log_deviation);
  double gamma(double shape, double scale);  // Marsaglia, Tsang 2000
  std::uint64_t poisson(double mean);        // exact for any mean up to 1e9
  template <class T>
  void shuffle(std::vector<T>& items) {  // Fisher-Yates from the end
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::array<std::uint64_t, 4> state_;
  double spare_normal_ = 0;
  bool has_spare_ = false;
};

}  // namespace kvsim
