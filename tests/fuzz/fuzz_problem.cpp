// SPDX-License-Identifier: Apache-2.0
// Any bytes as a problem: options whose fleets are read again, or an InputError, never anything else.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/data_places.h"
#include "planner/compose_fleet.h"
#include "planner/list_options.h"
#include "planner/read_problem.h"

namespace {

const kvsim::sim::FleetInputs& shipped() {
  static const kvsim::sim::FleetInputs inputs = kvsim::sim::load_fleet_inputs();
  return inputs;
}

// Everybody asks for everything.
kvsim::planner::DemandNames demand_of(const kvsim::planner::Problem& problem) {
  kvsim::planner::DemandNames names;
  for (const std::string& model : problem.models) {
    names.insert({"", model, ""});
    for (const kvsim::Node& tenant : problem.tenants.items)
      if (const kvsim::Node* name = tenant.find("name")) names.insert({name->scalar, model, ""});
  }
  return names;
}

// What the options say may be bought can be bought: a server of each reads as a fleet.
void read_as_problem(const std::string& text) {
  const std::string file = kvsim::data_directory() + "/examples/quickstart/fuzz.yaml";
  const auto problem = kvsim::planner::read_problem(kvsim::parse_yaml(text, file), shipped());
  const auto options = kvsim::planner::list_options(problem, shipped(), demand_of(problem));
  if (options.pools.empty()) return;
  kvsim::planner::FleetChoice choice{std::vector<std::uint32_t>(options.pools.size(), 1), {}};
  for (const auto& storage : problem.storage)
    choice.storage.push_back(storage.sizes.empty() ? std::nullopt : std::optional<std::size_t>(0));
  const auto document = kvsim::planner::compose_fleet(problem, options.pools, choice, false);
  try {
    kvsim::sim::read_fleet(document, shipped());
  } catch (const kvsim::InputError&) {
    __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    read_as_problem(std::string(reinterpret_cast<const char*>(data), size));
  } catch (const kvsim::InputError&) {
  }
  return 0;
}
