// SPDX-License-Identifier: Apache-2.0
// Any bytes as what another process of an MPI job sends: answers that are sent on as the same, or an Error.
#include <cstddef>
#include <cstdint>

#include "planner/packed_answers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kvsim::planner;
  try {
    const std::string sent = packed(unpacked({reinterpret_cast<const char*>(data), size}));
    if (packed(unpacked(sent)) != sent) __builtin_trap();
  } catch (const kvsim::Error&) {
  }
  return 0;
}
