// SPDX-License-Identifier: Apache-2.0
// Figures out of a summary.json.
#pragma once

#include <string>

#include "base/document.h"

namespace kvsim::planner {

// The entry of a list of the root whose `key` is `name`; nullptr: there is none.
const Node* entry_named(const Node& summary, const char* list, const char* key, const std::string& name);

double number(const Node& node, const std::string& path);  // at a dotted path; NaN: unknown

}  // namespace kvsim::planner
