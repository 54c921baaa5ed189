// SPDX-License-Identifier: Apache-2.0
// How the roles of pools are spelled.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "sim/scenario/fleet.h"

namespace kvsim::sim {

inline const std::vector<std::string>& role_names() {  // in order of PoolRole
  static const std::vector<std::string> names = {"both", "prefill", "decode"};
  return names;
}
inline const std::string& name(PoolRole role) { return role_names()[static_cast<std::size_t>(role)]; }
inline PoolRole pool_role(const std::string& name) {  // `name` is one of them
  const auto& names = role_names();
  return static_cast<PoolRole>(std::find(names.begin(), names.end(), name) - names.begin());
}

}  // namespace kvsim::sim
