// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "planner/nodes.h"
#include "planner/read_parts.h"
#include "sim/scenario/unique_name.h"

namespace kvsim::planner {
namespace {

void read_settings(Fields fields, SearchSettings& search, Defaults& defaults) {
  search.evaluations = defaults.integer(fields, "evaluations", {1, 1'000'000}, search.evaluations);
  search.proof_evaluations =
      defaults.integer(fields, "proof_evaluations", {0, 1'000'000}, search.proof_evaluations);
  search.round = static_cast<std::uint32_t>(defaults.integer(fields, "round", {1, 10'000}, search.round));
  search.seeds = defaults.integer(fields, "seeds", {1, 10'000}, search.seeds);
  search.seed = defaults.integer(fields, "seed", {0}, search.seed);
  search.pessimism = defaults.number(fields, "pessimism", kShare, search.pessimism);
  search.draws = defaults.integer(fields, "draws", {0, 100'000}, search.draws);
  search.capacity_requests =
      defaults.integer(fields, "capacity_requests", {10, 100'000'000}, search.capacity_requests);
  search.nodes = defaults.integer(fields, "nodes", {1, 1'000'000'000}, search.nodes);
  search.gap = defaults.number(fields, "gap", kShare, search.gap);
  fields.finish();
}

Tuning read_tuning(Fields& entry) {
  Tuning tuning;
  tuning.path = entry.text("path");
  const Node* values = entry.raw("values");
  if (values != nullptr && values->is_sequence())
    for (const Node& value : values->items) tuning.values.push_back(flow_text(value));
  if (tuning.values.empty()) entry.problem("values", "no value to try", "give a list of values");
  entry.finish();
  return tuning;
}

bool has_empty_key(const std::string& path) {
  return path.empty() || path.front() == '.' || path.back() == '.' || path.find("..") != std::string::npos;
}

void check_setting(Fields& entry, const std::string& setting) {
  const std::size_t equals = setting.find('=');
  if (equals != std::string::npos && equals + 1 < setting.size() && !has_empty_key(setting.substr(0, equals)))
    return;
  entry.problem("set", fmt::format("found \"{}\"", setting),
                "give a path and a value, such as workload.growth=2");
}

ScenarioChange read_scenario(Fields& entry, const std::vector<ScenarioChange>& before) {
  ScenarioChange scenario;
  scenario.name = sim::unique_name(entry, before);
  const Node* set = entry.raw("set");
  if (set != nullptr && set->is_map())
    for (const auto& [path, value] : set->members) scenario.settings.push_back(path + "=" + flow_text(value));
  else
    scenario.settings = entry.texts("set");
  if (scenario.settings.empty())
    entry.problem("set", "changes nothing", "give a map of paths and values, such as {workload.growth: 2}");
  for (const std::string& setting : scenario.settings) check_setting(entry, setting);
  entry.finish();
  return scenario;
}

}  // namespace

void read_search(Fields& root, ProblemReading& reading) {
  Problem& problem = reading.problem;
  read_settings(root.map("search"), problem.search, reading.defaults);
  for (Fields& entry : root.maps("tuning")) problem.tuning.push_back(read_tuning(entry));
  for (Fields& entry : root.maps("scenarios"))
    problem.scenarios.push_back(read_scenario(entry, problem.scenarios));
}

}  // namespace kvsim::planner
