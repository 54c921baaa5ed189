// SPDX-License-Identifier: Apache-2.0
// Any bytes as YAML: a tree or an InputError, never anything else.
#include <cstddef>
#include <cstdint>

#include "base/document.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    kvsim::parse_yaml_documents({reinterpret_cast<const char*>(data), size}, "fuzz.yaml");
  } catch (const kvsim::InputError&) {
  }
  return 0;
}
