// SPDX-License-Identifier: Apache-2.0
// Any bytes as a CSV of measured requests: lists or faults, never anything else.
#include <cstddef>
#include <cstdint>
#include <string>

#include "validation/measured_requests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  kvsim::Problems problems;
  const std::string text(reinterpret_cast<const char*>(data), size);
  kvsim::validation::read_measured_requests(text, "requests.csv", problems);
  return 0;
}
