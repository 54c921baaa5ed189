// SPDX-License-Identifier: Apache-2.0
// The block `routing` of summary.json (docs/metrics.md).
#pragma once

#include "base/json_writer.h"
#include "sim/metrics/summary.h"

namespace kvsim::sim {

void add_routing(JsonWriter& json, const Summary& summary);  // key and object

}  // namespace kvsim::sim
