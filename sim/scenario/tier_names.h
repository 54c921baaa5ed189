// SPDX-License-Identifier: Apache-2.0
// Words for the choices of sim/kv/tier_settings.h in fleet YAML; those of policies are in
// sim/kv/eviction_policies.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/kv/tier_settings.h"

namespace kvsim::sim {

const std::vector<std::string>& evictor_names();  // "nobody", "evictor", "store"
StorageEviction::By evictor(std::string_view name);
const std::string& name(StorageEviction::By by);

const std::vector<std::string>& retention_names();  // "write", "last-use"
RetentionSince retention_since(std::string_view name);
const std::string& name(RetentionSince since);

}  // namespace kvsim::sim
