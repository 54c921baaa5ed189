// SPDX-License-Identifier: Apache-2.0
// Cells of CSV files (RFC 4180).
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace kvsim::sim {

std::string csv_text(std::string_view text);  // quoted where needed
std::string csv_number(double number);        // shortest that reads back; empty for NaN
std::string csv_seconds(Nanoseconds time);    // exact decimal seconds; empty for kNever

}  // namespace kvsim::sim
