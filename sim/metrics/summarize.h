// SPDX-License-Identifier: Apache-2.0
// From what was recorded to what is told.
#pragma once

#include <string>
#include <vector>

#include "sim/metrics/groups.h"
#include "sim/metrics/recorder.h"
#include "sim/metrics/summary.h"
#include "traces/request.h"

namespace kvsim::sim {

struct RunFacts {
  Nanoseconds first_arrival = 0;
  Nanoseconds end = 0;
  std::vector<Group> groups;  // by group index of the records
  traces::Names labels;       // what reports call each model, class and tenant; equal labels join
  std::vector<std::vector<Objective>> objectives;  // by class index of `labels`; may be shorter
  std::vector<StageInfo> stages;
  std::vector<StorageFacts> storage;        // in the order of TierSample::storage
  std::vector<std::string> source_tenants;  // what reports call OldestKv::tenant, by its index
  bool has_outages = false;
  ScenarioFacts scenario;
  std::string currency = "USD";
  std::vector<Note> validity;
  Performance performance;
};

Summary summarize(const Recorder& recorder, const RunFacts& facts);

}  // namespace kvsim::sim
