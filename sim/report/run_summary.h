// SPDX-License-Identifier: Apache-2.0
// From a fleet, its workload and a finished run to the summary.
//
//   Recorder recorder = make_recorder(fleet, source);
//   const RunTotals totals = simulate(fleet, source, recorder, options);
//   const Summary summary = run_summary(fleet, source, recorder, totals, {"trace.jsonl", 1, digests,
//   performance}); write_results("results", summary);
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/cluster/simulation.h"
#include "sim/metrics/recorder.h"
#include "sim/metrics/summary.h"
#include "sim/scenario/fleet.h"
#include "traces/source.h"

namespace kvsim::sim {

struct RunInputs {
  std::string trace;  // as the user named it
  std::uint64_t seed = 1;
  std::map<std::string, std::string> digests;  // "fleet", "trace": hex of their content
  Performance performance;
};

std::vector<PoolInfo> pool_infos(const Fleet& fleet);
std::vector<StageInfo> stage_infos(const traces::Source& source);
Recorder make_recorder(const Fleet& fleet, const traces::Source& source);

Summary run_summary(const Fleet& fleet, const traces::Source& source, const Recorder& recorder,
                    const RunTotals& totals, const RunInputs& inputs);

}  // namespace kvsim::sim
