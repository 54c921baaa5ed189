// SPDX-License-Identifier: Apache-2.0
// Load stages as inference-perf reports them.
#pragma once

#include <vector>

#include "sim/metrics/summarize.h"

namespace kvsim::sim {

// One entry for each of facts.stages, also for stages without a request. Throughput counts from the stage's
// first arrival to its last end; failures are timeouts and rejections.
std::vector<StageSummary> stage_summaries(const Recorder& recorder, const RunFacts& facts);

}  // namespace kvsim::sim
