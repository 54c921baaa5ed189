// SPDX-License-Identifier: Apache-2.0
// Two fleets under the same workload and the same seeds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/report/compare_runs.h"
#include "sim/report/simulate_run.h"
#include "sim/scenario/load_fleet.h"

namespace kvsim::cli {

struct FleetPair {
  std::string a, b;                   // files
  std::vector<std::string> settings;  // "PATH=VALUE", over both
  sim::Overlays overlays;
  sim::Simulation simulation;  // with the first seed
  std::uint64_t seeds = 10;
  std::size_t jobs = 1;
};

// Simulates what `folder` does not hold yet as points/<digest>/summary.json, each run in a process of its
// own. Both fleets meet the same arrivals, prompts and router's draws at each seed. InputError with the
// problems of both fleets before any run; Error where a run failed.
std::pair<sim::ComparedSide, sim::ComparedSide> simulate_pair(const FleetPair& pair,
                                                              const std::string& folder);

}  // namespace kvsim::cli
