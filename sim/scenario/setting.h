// SPDX-License-Identifier: Apache-2.0
// One thing that somebody wrote, or did not write, and where; and the forms in which such things are written.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/fields.h"
#include "base/time.h"

namespace kvsim::sim {

struct Place {
  Location where;
  std::string path;  // dotted, as in Problem
};

template <class T>
struct Setting {
  std::optional<T> value;
  Place place;
  bool given() const { return value.has_value(); }
  const T& operator*() const { return *value; }
  T value_or(const T& fallback) const { return value.value_or(fallback); }
};

// How the value of a setting is written, and its range.
namespace form {
struct Text {};
struct OneOf {
  std::vector<std::string> names;
};
struct Whole {
  std::int64_t low, high;
};
struct Tokens {  // a whole number, also as vLLM reads it: 8k is 8000, 8K is 8192
  std::int64_t low, high;
  bool may_be_auto;  // "auto" or -1: 0
};
struct Number {
  NumberRange range;
};
struct Flag {};
struct Bytes {};     // above 0, up to kMostBytes, such as 400GiB; as a rate: of each second
struct Duration {};  // in seconds, up to kLongestSeconds, such as 20ms
struct LabelMap {};  // of free labels
struct Seed {};      // of Python's hashes: a whole number below 2^32, or `random`
}  // namespace form

inline constexpr std::int64_t kManyTokens = 1'000'000'000;
inline constexpr std::uint64_t kMostBytes = 1'000'000'000'000'000'000;
inline constexpr double kLongestSeconds = 3e9;  // 95 years

// Times that are written back are whole milliseconds, so that they are read as the same.
inline Nanoseconds whole_milliseconds(double seconds) { return std::llround(seconds * 1e3) * 1'000'000; }
inline double milliseconds_in_seconds(Nanoseconds whole) {
  return static_cast<double>(whole / 1'000'000) / 1e3;
}

}  // namespace kvsim::sim
