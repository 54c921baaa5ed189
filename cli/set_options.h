// SPDX-License-Identifier: Apache-2.0
// What `--set` overrides: keys that start with `workload.` in the workload YAML, all others (with or without
// `fleet.` before them) in the fleet.
#pragma once

#include <string>
#include <vector>

#include "base/overrides.h"

namespace CLI {
class App;
}

namespace kvsim::cli {

struct ScenarioOverrides {
  Overrides fleet, workload;
};
ScenarioOverrides scenario_overrides(const std::vector<std::string>& settings);  // "PATH=VALUE"; UsageError

// `settings` outlives `app`.
void add_set_option(CLI::App& app, std::vector<std::string>& settings, const std::string& description);

}  // namespace kvsim::cli
