// SPDX-License-Identifier: Apache-2.0
#include "cli/sweep_plan.h"

#include <set>

#include "cli/set_options.h"
#include "traces/open_source.h"

namespace kvsim::cli {
namespace {

std::string key_of(const Overrides& overrides) {
  std::string key;
  for (const Override& setting : overrides) key += setting.given + '\n';
  return key;
}

// Loads each fleet and opens each trace once, however many points share it.
class Planner {
 public:
  Planner(const std::string& fleet_file, const sim::FleetInputs& inputs, const sim::Simulation& common,
          std::string overlaid)
      : fleet_file_(fleet_file), inputs_(inputs), common_(common), overlaid_(std::move(overlaid)) {}

  void add(const std::vector<std::string>& settings, std::uint64_t seeds) {
    const ScenarioOverrides overrides = scenario_overrides(settings);
    const sim::Fleet* fleet = fleet_with(overrides.fleet);
    sim::Simulation simulation = common_;
    simulation.reading.overrides = overrides.workload;
    const std::string trace_digest = opened_trace(simulation);
    if (fleet == nullptr) return;
    const std::string data_digest = sim::digest_behind(*fleet, overlaid_);
    for (std::uint64_t i = 0; i < seeds; ++i) {
      simulation.run.seed = common_.run.seed + i;
      plan_.runs.push_back(
          {fleet, simulation, {fleet->digest, trace_digest, data_digest, simulation.run.seed}});
    }
  }

  SweepPlan finish() {
    problems_.throw_if_any();
    return std::move(plan_);
  }

 private:
  const sim::Fleet* fleet_with(const Overrides& overrides) {
    const std::string key = key_of(overrides);
    if (plan_.fleets.contains(key)) return &plan_.fleets.at(key);
    if (!tried_fleets_.insert(key).second) return nullptr;
    try {
      return &plan_.fleets.emplace(key, sim::load_fleet(fleet_file_, inputs_, overrides)).first->second;
    } catch (const InputError& error) {
      problems_.take_over(error);
      return nullptr;
    }
  }

  std::string opened_trace(sim::Simulation& simulation) {
    const auto [known, is_new] = trace_digests_.emplace(key_of(simulation.reading.overrides), "");
    if (!is_new) return known->second;
    try {
      simulation.reading.seed = simulation.run.seed;
      traces::open_source(simulation.trace, simulation.reading);
      known->second = traces::source_digest(simulation.trace, simulation.reading);
    } catch (const InputError& error) {
      problems_.take_over(error);
    }
    return known->second;
  }

  const std::string& fleet_file_;
  const sim::FleetInputs& inputs_;
  const sim::Simulation& common_;
  std::string overlaid_;
  SweepPlan plan_;
  std::set<std::string> tried_fleets_;
  std::map<std::string, std::string> trace_digests_;  // by overrides
  Problems problems_;
};

}  // namespace

SweepPlan plan_sweep(const std::vector<std::vector<std::string>>& points, const std::string& fleet_file,
                     const sim::Overlays& overlays, const sim::Simulation& common, std::uint64_t seeds) {
  sim::refuse_what_is_read_only_once(fleet_file);
  sim::refuse_what_is_read_only_once(common.trace);
  const sim::FleetInputs inputs = sim::load_fleet_inputs(overlays);
  Planner planner(fleet_file, inputs, common, sim::contents_of(overlays));
  for (const std::vector<std::string>& settings : points) planner.add(settings, seeds);
  return planner.finish();
}

}  // namespace kvsim::cli
