// SPDX-License-Identifier: Apache-2.0
// What a row's quality and notes, which quote command lines and may be cut short, say against using it.
#pragma once

#include <string>

#include "validation/serving_points/serving_point.h"

namespace kvsim::validation {

bool mentions(const std::string& text, const char* part);

// Empty: nothing.
std::string doubt_of(const ServingPoint& point);

}  // namespace kvsim::validation
