// SPDX-License-Identifier: Apache-2.0
// Any bytes as a fleet, as Helm values or as a script that starts vLLM: a fleet or an InputError, never
// anything else.
#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/scenario/foreign.h"
#include "sim/scenario/load_fleet.h"

namespace {

const kvsim::sim::FleetInputs& shipped() {
  static const kvsim::sim::FleetInputs inputs = kvsim::sim::load_fleet_inputs();
  return inputs;
}

void read_as_deployment(const std::string& text, const std::string& file) {
  kvsim::Problems problems;
  std::vector<kvsim::sim::Validity> validity;
  kvsim::sim::Variables variables;
  kvsim::sim::ForeignReading reading{shipped().catalog, variables, problems, validity};
  kvsim::sim::read_foreign(text, file, reading);
}

void read_as_fleet(const std::string& text) {
  const auto fleet = kvsim::sim::read_fleet(kvsim::parse_yaml(text, "fuzz.yaml"), shipped());
  const std::string yaml = kvsim::sim::effective_yaml(fleet);
  const auto again = kvsim::sim::read_fleet(kvsim::parse_yaml(yaml, "fuzz.yaml"), shipped());
  if (kvsim::sim::effective_yaml(again) != yaml) __builtin_trap();
}

}  // namespace

// The first byte chooses the reader.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  try {
    if (data[0] == 'v') {
      read_as_deployment(text, "values.yaml");
    } else if (data[0] == 's') {
      read_as_deployment(text, "run.sh");
    } else {
      read_as_fleet(text);
    }
  } catch (const kvsim::InputError&) {
  }
  return 0;
}
