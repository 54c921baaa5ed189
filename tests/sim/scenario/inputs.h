// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/scenario/load_fleet.h"

namespace kvsim::sim {

// The shipped catalog, models and profiles, read once.
inline const FleetInputs& shipped() {
  static const FleetInputs inputs = load_fleet_inputs();
  return inputs;
}

inline Fleet fleet_of(const std::string& yaml) {
  return read_fleet(parse_yaml(yaml, "fleet.yaml"), shipped());
}

// What is wrong with a fleet, one line for each problem; empty where nothing is.
inline std::string problems_of(const std::string& yaml) {
  try {
    fleet_of(yaml);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

struct Broken {
  const char* what;
  std::string yaml;
  std::string found;   // part of the message
  std::string remedy;  // part of what to do
};

// A fleet of one pool, and more.
inline std::string pool(const std::string& more) {
  return "model: Llama-3.1-8B\naccelerator: H100-SXM-80\n" + more;
}

inline bool notes(const Fleet& fleet, const std::string& text) {
  for (const Validity& note : fleet.validity) {
    if ((note.what + ": " + note.reason).find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace kvsim::sim
