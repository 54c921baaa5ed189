// SPDX-License-Identifier: Apache-2.0
#include "cli/sweep_plan.h"

#include <filesystem>
#include <set>

#include "base/files.h"
#include "cli/set_options.h"
#include "traces/open_source.h"

namespace kvsim::cli {
namespace {

std::string key_of(const Overrides& overrides) {
  std::string key;
  for (const Override& setting : overrides) key += setting.given + '\n';
  return key;
}

// Digests of files whose content the effective YAML of a fleet does not tell.
std::string contents(const sim::Overlays& overlays) {
  std::string digests;
  for (const auto* places : {&overlays.catalog, &overlays.models, &overlays.profiles}) {
    std::set<std::filesystem::path> files(places->begin(), places->end());
    for (const std::string& place : *places) {
      if (!std::filesystem::is_directory(place)) continue;
      for (const auto& entry : std::filesystem::recursive_directory_iterator(place))
        files.insert(entry.path());
    }
    for (const std::filesystem::path& file : files) digests += hex64(digest_file(file.string())) + ' ';
    digests += '|';
  }
  return digests;
}

std::string contents(const sim::Fleet& fleet) {
  std::string digests;
  for (const sim::Pool& pool : fleet.pools)
    for (const std::string& file : {pool.model_config, pool.step_table, pool.profile_given})
      digests += hex64(digest_file(file)) + ' ';
  return digests;
}

// Loads each fleet and opens each trace once, however many points share it.
class Planner {
 public:
  Planner(const std::string& fleet_file, const sim::FleetInputs& inputs, const Simulation& common,
          std::string overlaid)
      : fleet_file_(fleet_file), inputs_(inputs), common_(common), overlaid_(std::move(overlaid)) {}

  void add(const std::vector<std::string>& settings, std::uint64_t seeds) {
    const ScenarioOverrides overrides = scenario_overrides(settings);
    const sim::Fleet* fleet = fleet_with(overrides.fleet);
    Simulation simulation = common_;
    simulation.reading.overrides = overrides.workload;
    const std::string trace_digest = opened_trace(simulation);
    if (fleet == nullptr) return;
    const std::string data_digest = hex64(digest(overlaid_ + contents(*fleet)));
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

  std::string opened_trace(Simulation& simulation) {
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
  const Simulation& common_;
  std::string overlaid_;
  SweepPlan plan_;
  std::set<std::string> tried_fleets_;
  std::map<std::string, std::string> trace_digests_;  // by overrides
  Problems problems_;
};

}  // namespace

SweepPlan plan_sweep(const std::vector<std::vector<std::string>>& points, const std::string& fleet_file,
                     const sim::Overlays& overlays, const Simulation& common, std::uint64_t seeds) {
  refuse_what_is_read_only_once(fleet_file);
  refuse_what_is_read_only_once(common.trace);
  const sim::FleetInputs inputs = sim::load_fleet_inputs(overlays);
  Planner planner(fleet_file, inputs, common, contents(overlays));
  for (const std::vector<std::string>& settings : points) planner.add(settings, seeds);
  return planner.finish();
}

}  // namespace kvsim::cli
