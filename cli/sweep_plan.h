// SPDX-License-Identifier: Apache-2.0
// What a sweep is going to simulate, checked before anything is.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/report/simulate_run.h"
#include "sim/report/sweep_runs.h"
#include "sim/scenario/load_fleet.h"

namespace kvsim::cli {

struct PlannedRun {
  const sim::Fleet* fleet = nullptr;
  sim::Simulation simulation;
  sim::SweepRun identity;
};

struct SweepPlan {
  std::map<std::string, sim::Fleet> fleets;  // by the settings that made them; `runs` points into it
  std::vector<PlannedRun> runs;              // seed by seed, point by point
};

// `points` as settings ("path=value") each; `common` is what all runs share, its seed the first of `seeds`.
// Fleets and traces of all points are opened: InputError with every problem of every point, each once.
SweepPlan plan_sweep(const std::vector<std::vector<std::string>>& points, const std::string& fleet_file,
                     const sim::Overlays& overlays, const sim::Simulation& common, std::uint64_t seeds);

}  // namespace kvsim::cli
