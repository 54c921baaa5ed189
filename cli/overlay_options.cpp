// SPDX-License-Identifier: Apache-2.0
#include "cli/overlay_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "models/profile.h"

namespace kvsim::cli {

void add_overlay_options(CLI::App& app, sim::Overlays& overlays) {
  const auto add = [&app](const char* name, std::vector<std::string>& paths, const char* what) {
    app.add_option(name, paths, what)->type_name("PATH")->default_str("none")->allow_extra_args(false);
  };
  add("--catalog", overlays.catalog, "your own accelerators and prices, on top of ours");
  add("--models", overlays.models, "your own model cards or Hugging Face config.json");
  add("--profiles", overlays.profiles, "your own performance profiles");
}

std::vector<std::string> unused_profiles(const sim::Fleet& fleet, const sim::Overlays& overlays) {
  std::vector<std::string> notes;
  for (const std::string& path : overlays.profiles) {
    if (!std::filesystem::is_regular_file(path)) continue;  // of a folder, some may well go unused
    const models::PerformanceProfile profile = models::read_profile(load_yaml(path));
    const auto uses = [&](const sim::Pool& pool) { return pool.profile == profile.name; };
    if (profile.prior || std::any_of(fleet.pools.begin(), fleet.pools.end(), uses)) continue;
    notes.push_back(fmt::format("{}: no pool uses this profile, which is for {}, model {}{}", path,
                                join(profile.accelerators, ", "), profile.model,
                                profile.tp ? fmt::format(", tp {}", *profile.tp) : ""));
  }
  return notes;
}

}  // namespace kvsim::cli
