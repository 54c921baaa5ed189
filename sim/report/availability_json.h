// SPDX-License-Identifier: Apache-2.0
// The group `availability` of summary.json. docs/outages.md and docs/metrics.md define the figures.
#pragma once

#include "base/json_writer.h"
#include "sim/metrics/summary.h"

namespace kvsim::sim {

void add_availability(JsonWriter& json, const Availability& availability, const RequestCounts& requests);

}  // namespace kvsim::sim
