// SPDX-License-Identifier: Apache-2.0
// What `kvsim trace info` says of a population, before it looks at the window that is simulated.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "traces/population/summary.h"

namespace kvsim::cli {

// `kv_bytes_per_token` turns working sets into bytes; 0: no model was named, they stay in tokens.
std::string population_text(const traces::PopulationSummary& summary, double kv_bytes_per_token);
void write_population(JsonWriter& json, const traces::PopulationSummary& summary, double kv_bytes_per_token);

}  // namespace kvsim::cli
