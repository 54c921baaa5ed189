// SPDX-License-Identifier: Apache-2.0
// Figures out of a summary.json.
#pragma once

#include <string>

#include "base/document.h"

namespace kvsim::planner {

double number(const Node& node, const std::string& path);  // at a dotted path; NaN: unknown

}  // namespace kvsim::planner
