// SPDX-License-Identifier: Apache-2.0
// What `kvsim measured info` prints.
#pragma once

#include <string>
#include <vector>

#include "base/json_writer.h"
#include "validation/measurements/measurements.h"

namespace kvsim::cli {

std::string measured_info_text(const std::vector<validation::Measurements>& runs);
void write_measured_info(JsonWriter& json, const std::vector<validation::Measurements>& runs);

}  // namespace kvsim::cli
