// SPDX-License-Identifier: Apache-2.0
// Options that put the user's own data on top of the shipped, the same in every command that reads them. What
// lies in the user's own folder (base/data_places.h) comes first, as if each option had named it; where it is
// used, that is told on standard error.
#pragma once

#include "sim/scenario/load_fleet.h"

namespace CLI {
class App;
}

namespace kvsim::cli {

// The lists outlive `command`.
void add_overlay_options(CLI::App& command, sim::Overlays& overlays);
void add_overlay_option(CLI::App& command, const std::string& name, std::vector<std::string>& places,
                        const std::string& description);

// Where data come from, undermost first: kvsim's own, the user's folder, then what is named. For people.
std::string data_places_table(const std::vector<std::string>& overlays);

// A line for each file of --profiles that no pool of the fleet uses, with what it is for.
std::vector<std::string> unused_profiles(const sim::Fleet& fleet, const sim::Overlays& overlays);

}  // namespace kvsim::cli
