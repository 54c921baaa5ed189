// SPDX-License-Identifier: Apache-2.0
// What the script of run.html draws: the summary, and what charts need beyond it.
#pragma once

#include <string>
#include <vector>

#include "base/json_writer.h"
#include "sim/metrics/summary.h"

namespace kvsim::sim {

std::string page_data(const Summary& summary);

// Its parts: an array under `name`, with the six digits that a chart can show; and the member `tiers`, with
// hits, storage systems and the busiest links over time.
void add_numbers(JsonWriter& json, const char* name, const std::vector<double>& values);
void add_tier_data(JsonWriter& json, const Sizing& sizing);

}  // namespace kvsim::sim
