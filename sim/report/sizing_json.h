// SPDX-License-Identifier: Apache-2.0
// The block `sizing` of summary.json.
#pragma once

#include "base/json_writer.h"
#include "sim/metrics/sizing.h"

namespace kvsim::sim {

void add_sizing(JsonWriter& json, const Sizing& sizing);  // one object

}  // namespace kvsim::sim
