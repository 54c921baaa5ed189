// SPDX-License-Identifier: Apache-2.0
// How far the uncertainty of the profiles moves a run's figures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/overrides.h"
#include "sim/report/simulate_run.h"
#include "sim/scenario/load_fleet.h"

namespace kvsim::cli {

struct DrawnRuns {
  std::string fleet;  // file
  const sim::FleetInputs& inputs;
  const Overrides& overrides;
  sim::Simulation simulation;
  std::uint64_t draws = 0;
  std::size_t jobs = 1;
};

// Runs the simulation with `draws` drawn profiles, each in a process of its own, all with the seed of the run
// (the same arrivals, prompts and router's draws), and adds the bands to `best`, the run at best values. A
// draw whose fleet cannot be read is counted; Error where none could, or where a run failed otherwise.
void add_uncertainty(const DrawnRuns& runs, sim::Summary& best);

}  // namespace kvsim::cli
