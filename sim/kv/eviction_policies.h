// SPDX-License-Identifier: Apache-2.0
// Names of the eviction policies, as fleets write them. Each policy is a file of its own,
// eviction_<name>.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/kv/tier_settings.h"

namespace kvsim::sim {

std::vector<std::string> eviction_policy_names();
std::string eviction_policy_name(EvictionPolicy policy);

// An unknown name is an InputError that lists the valid ones; `path` is the key that holds it.
EvictionPolicy parse_eviction_policy(std::string_view name, const std::string& path);

}  // namespace kvsim::sim
