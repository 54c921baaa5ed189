// SPDX-License-Identifier: Apache-2.0
// Any bytes as a number, an amount or an hour of the week: a finite value or nothing.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/quantity.h"
#include "base/text.h"
#include "traces/population/week.h"

namespace {

void check(const std::optional<double>& value, double least) {
  if (value && !(std::isfinite(*value) && *value >= least)) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(kvsim::parse_double(text), -1.8e308);
  check(kvsim::parse_kubernetes_quantity(text), 0);
  check(kvsim::parse_duration_seconds(text), 0);
  check(kvsim::traces::parse_hour(text), 0);
  kvsim::parse_bytes(text);
  kvsim::parse_integer(text);
  if (!kvsim::is_utf8(text)) return 0;
  if (kvsim::shortened(text).size() > 60 + std::string_view("...").size()) __builtin_trap();
  return 0;
}
