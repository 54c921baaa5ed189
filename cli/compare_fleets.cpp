// SPDX-License-Identifier: Apache-2.0
#include "cli/compare_fleets.h"

#include "cli/sweep_runner.h"
#include "sim/report/sweep_runs.h"

namespace kvsim::cli {
namespace {

SweepPlan plan(const FleetPair& pair, const std::string& fleet, Problems& problems) {
  try {
    return plan_sweep({pair.settings}, fleet, pair.overlays, pair.simulation, pair.seeds);
  } catch (const InputError& error) {
    problems.take_over(error);
    return {};
  }
}

sim::ComparedSide kept_side(const std::string& name, const SweepPlan& plan, const std::string& folder) {
  std::vector<std::string> files;
  for (const PlannedRun& run : plan.runs)
    files.push_back(sim::summary_file(folder, sim::run_digest(run.identity)));
  Problems problems;
  sim::ComparedSide side = sim::read_side(name, files, problems);
  problems.throw_if_any();
  return side;
}

}  // namespace

std::pair<sim::ComparedSide, sim::ComparedSide> simulate_pair(const FleetPair& pair,
                                                              const std::string& folder) {
  Problems problems;
  const SweepPlan a = plan(pair, pair.a, problems);
  const SweepPlan b = plan(pair, pair.b, problems);
  problems.throw_if_any();
  SweepPlan both;
  both.runs = a.runs;
  both.runs.insert(both.runs.end(), b.runs.begin(), b.runs.end());
  throw_first(both, simulate_missing(both, folder, pair.jobs));
  return {kept_side(pair.a, a, folder), kept_side(pair.b, b, folder)};
}

}  // namespace kvsim::cli
