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

// The settings by which `file`, looked up from here, takes the place of the fleet's router policy; none where
// no file is named.
std::vector<std::string> epp_settings(const std::string& file);

// These outlive `app`.
void add_set_option(CLI::App& app, std::vector<std::string>& settings, const std::string& description);
void add_epp_option(CLI::App& app, std::string& file);

}  // namespace kvsim::cli
