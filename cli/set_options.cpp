// SPDX-License-Identifier: Apache-2.0
#include "cli/set_options.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string_view>

#include "sim/scenario/yaml_text.h"

namespace kvsim::cli {

ScenarioOverrides scenario_overrides(const std::vector<std::string>& settings) {
  constexpr std::string_view kWorkload = "workload.", kFleet = "fleet.";
  ScenarioOverrides overrides;
  for (const std::string& text : settings) {
    Override setting = parse_override(text);
    const bool is_workload = setting.path.starts_with(kWorkload);
    if (is_workload) setting.path.erase(0, kWorkload.size());
    if (setting.path.starts_with(kFleet) && !is_workload) setting.path.erase(0, kFleet.size());
    (is_workload ? overrides.workload : overrides.fleet).push_back(std::move(setting));
  }
  return overrides;
}

std::vector<std::string> epp_settings(const std::string& file) {
  if (file.empty()) return {};
  const std::string path = std::filesystem::absolute(file).string();
  return {"router.policy=epp", "router.parameters=null", "router.epp_config=" + sim::yaml_text(path)};
}

void add_epp_option(CLI::App& app, std::string& file) {
  app.add_option("--epp-config", file, "EndpointPickerConfig or Helm values as the router")
      ->type_name("FILE")
      ->default_str("none");
}

void add_set_option(CLI::App& app, std::vector<std::string>& settings, const std::string& description) {
  app.add_option("--set", settings, description)
      ->type_name("PATH=VALUE")
      ->default_str("none")
      ->allow_extra_args(false);
}

}  // namespace kvsim::cli
