// SPDX-License-Identifier: Apache-2.0
// Scalars of the YAML that kvsim writes, so that reading them back gives the same value.
#pragma once

#include <string>
#include <string_view>

namespace kvsim::sim {

std::string yaml_text(std::string_view text);  // plain where that is safe, else double-quoted
std::string yaml_number(double value);         // shortest form that reads back to the same bits

}  // namespace kvsim::sim
