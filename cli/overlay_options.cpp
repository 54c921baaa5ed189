// SPDX-License-Identifier: Apache-2.0
#include "cli/overlay_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "base/data_places.h"
#include "base/text.h"
#include "models/profile.h"

namespace kvsim::cli {
namespace {

// A folder that may not be looked at counts as there: reading it tells the fault.
bool has_user_data() {
  std::error_code fault;
  const std::string folder = user_data_directory();
  return !folder.empty() &&
         std::filesystem::symlink_status(folder, fault).type() != std::filesystem::file_type::not_found;
}

}  // namespace

void add_overlay_option(CLI::App& command, const std::string& name, std::vector<std::string>& places,
                        const std::string& description) {
  if (has_user_data()) {
    places = {user_data_directory()};
    command.parse_complete_callback(
        [] { std::cerr << "with your own data: " << user_data_directory() << "\n"; });
  }
  const auto append = [&places](const std::vector<std::string>& named) {
    places.insert(places.end(), named.begin(), named.end());
  };
  command.add_option_function<std::vector<std::string>>(name, append, description)
      ->type_name("PATH")
      ->default_str("none")
      ->allow_extra_args(false);
}

void add_overlay_options(CLI::App& command, sim::Overlays& overlays) {
  add_overlay_option(command, "--catalog", overlays.catalog,
                     "your own accelerators and prices, on top of ours");
  add_overlay_option(command, "--models", overlays.models,
                     "your own model cards or Hugging Face config.json");
  add_overlay_option(command, "--profiles", overlays.profiles, "your own performance profiles");
}

std::string data_places_table(const std::vector<std::string>& overlays) {
  std::string table = "shipped   " + data_directory() + "\n";
  if (!has_user_data() && !user_data_directory().empty())
    table += "your own  " + user_data_directory() + " (not there)\n";
  for (const std::string& place : overlays)
    table += (place == user_data_directory() ? "your own  " : "overlay   ") + place + "\n";
  return table;
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
