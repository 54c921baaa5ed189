// SPDX-License-Identifier: Apache-2.0
// One run from a trace by name to its summary, the same in every command that simulates.
#pragma once

#include <string>

#include "sim/cluster/simulation.h"
#include "sim/metrics/summary.h"
#include "sim/report/exports/export_format.h"
#include "sim/scenario/fleet.h"
#include "traces/open_trace.h"

namespace kvsim::sim {

struct Simulation {
  std::string trace;
  traces::TraceOptions reading;  // its seed is that of `run`
  RunOptions run;
  std::string out;            // folder of the files below; needed where one is asked for
  bool requests_csv = false;  // written while the run goes on
  bool timeline = false;
  bool routing = false;  // routing.jsonl; run.explain_every says of which decisions
  bool audit = false;    // also where no tenant has a policy
  ExportFormats exports;
};

// InputError for a pipe, say, where several runs are to read the same file.
void refuse_what_is_read_only_once(const std::string& path);

Summary simulate_to_summary(const Fleet& fleet, Simulation simulation);

}  // namespace kvsim::sim
