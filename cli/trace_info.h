// SPDX-License-Identifier: Apache-2.0
// What `kvsim trace info` prints.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "traces/open_trace.h"
#include "traces/population/summary.h"
#include "traces/profile/trace_profile.h"

namespace kvsim::cli {

struct TraceInfo {
  std::string description;
  std::string format;  // empty for a workload
  std::vector<traces::Skipped> skipped;
  std::optional<traces::PopulationSummary> population;
  traces::TraceProfile profile;
  bool lfu = false;
  std::string model;              // empty: no sizes in bytes
  double kv_bytes_per_token = 0;  // of the model, all ranks together
};

void write_trace_info(JsonWriter& json, const TraceInfo& info);
std::string trace_info_text(const TraceInfo& info);

}  // namespace kvsim::cli
