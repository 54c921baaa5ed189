// SPDX-License-Identifier: Apache-2.0
// Any bytes as a performance profile: a profile or an InputError, never anything else; it is written back as
// the same, and what is drawn from it is within the same limits.
#include <cstddef>
#include <cstdint>
#include <string>

#include "models/profile_draw.h"

namespace {

kvsim::models::PerformanceProfile read(const std::string& text) {
  return kvsim::models::read_profile(kvsim::parse_yaml(text, "fuzz.yaml"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto profile = read(std::string(reinterpret_cast<const char*>(data), size));
    try {
      const std::string yaml = kvsim::models::profile_to_yaml(profile);
      if (kvsim::models::profile_to_yaml(read(yaml)) != yaml) __builtin_trap();
      kvsim::models::check_profile(kvsim::models::draw_profile(profile, {size, size % 7}));
    } catch (const kvsim::InputError&) {
      __builtin_trap();
    }
  } catch (const kvsim::InputError&) {
  }
  return 0;
}
