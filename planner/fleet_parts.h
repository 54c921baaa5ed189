// SPDX-License-Identifier: Apache-2.0
// What every fleet of a problem has, whatever servers it is made of.
#pragma once

#include "planner/problem.h"

namespace kvsim::planner {

// The class of a fleet that stands for goals of all requests.
inline constexpr const char* kOnlyClass = "default";

// A fleet YAML without storage and pools.
Node fleet_parts(const Problem& problem, bool with_tenants);
std::string folder_of(const Problem& problem);  // from where its files are looked up
// A system of `storage`.
Node storage_node(const StorageOption& option, const StorageSize& size);

}  // namespace kvsim::planner
