// SPDX-License-Identifier: Apache-2.0
// Any bytes as a case of measured figures: a case or an InputError, never anything else.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/data_places.h"
#include "validation/case.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const kvsim::sim::FleetInputs shipped = kvsim::sim::load_fleet_inputs();
  static const std::string file = kvsim::data_directory() + "/examples/quickstart/case.yaml";
  try {
    const std::string text(reinterpret_cast<const char*>(data), size);
    kvsim::validation::read_case(kvsim::parse_yaml(text, file), shipped);
  } catch (const kvsim::InputError&) {
  }
  return 0;
}
