// SPDX-License-Identifier: Apache-2.0
// Load stages as inference-perf reports them.
#pragma once

#include <vector>

#include "sim/metrics/summarize.h"

namespace kvsim::sim {

// One entry for each of facts.stages, also for stages without a request. Throughput counts from the stage's
// first arrival to its last end; failures are timeouts and rejections.
std::vector<StageSummary> stage_summaries(const Recorder& recorder, const RunFacts& facts);

// What one load's clients measured, for reports of other tools.
struct LoadFigures {
  StageSummary stage;
  bool is_whole_run = false;            // it has no stages; those of `stage.info` mean nothing
  Statistics time_to_first_token = {};  // of all that completed; `stage` leaves out those of one token
  Nanoseconds begin = 0;                // first arrival
  Nanoseconds end = 0;                  // last end
};

// One for each stage; where there are none, one of the whole run.
std::vector<LoadFigures> load_figures(const Recorder& recorder, const std::vector<StageInfo>& stages);

}  // namespace kvsim::sim
