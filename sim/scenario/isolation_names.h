// SPDX-License-Identifier: Apache-2.0
// Words of fleet YAML for a tenant's isolation, weakest first.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "sim/scenario/fleet.h"

namespace kvsim::sim {

inline const std::vector<std::string>& isolation_names() {
  static const std::vector<std::string> names{"shared", "salt", "replicas", "nodes", "enclave"};
  return names;
}
inline const std::string& name(Isolation isolation) {
  return isolation_names()[static_cast<std::size_t>(isolation)];
}
inline Isolation isolation(const std::string& valid_name) {
  const auto found = std::find(isolation_names().begin(), isolation_names().end(), valid_name);
  return static_cast<Isolation>(found - isolation_names().begin());
}

}  // namespace kvsim::sim
