// SPDX-License-Identifier: Apache-2.0
// summary.json of a run, without its performance block.
#pragma once

#include <memory>
#include <sstream>
#include <string>

#include "sim/cluster/simulation.h"
#include "sim/report/results_folder.h"
#include "sim/report/run_summary.h"
#include "sim/scenario/load_fleet.h"
#include "traces/source.h"

namespace kvsim::testing {

inline const sim::FleetInputs& shipped_inputs() {
  static const sim::FleetInputs inputs = sim::load_fleet_inputs();
  return inputs;
}

inline sim::Fleet fleet_of(const std::string& yaml) {
  return sim::read_fleet(parse_yaml(yaml, "fleet.yaml"), shipped_inputs());
}

inline sim::Summary run_to_summary(const sim::Fleet& fleet, traces::Source& source,
                                   const sim::RunOptions& options) {
  sim::Recorder recorder = sim::make_recorder(fleet, source);
  const sim::RunTotals totals = sim::simulate(fleet, source, recorder, options);
  return sim::run_summary(fleet, source, recorder, totals, {"trace", options.seed, {}, {}});
}

inline std::string json_of(const sim::Summary& summary) {
  std::ostringstream json;
  sim::write_summary_json(json, summary);
  return json.str();
}

}  // namespace kvsim::testing
