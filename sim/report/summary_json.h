// SPDX-License-Identifier: Apache-2.0
// summary.json (schemas/summary.schema.json), as a part of a larger document too.
#pragma once

#include "base/json_writer.h"
#include "sim/metrics/summary.h"

namespace kvsim::sim {

inline constexpr int kSummarySchema = 1;

void add_summary(JsonWriter& json, const Summary& summary);  // one object

}  // namespace kvsim::sim
