// SPDX-License-Identifier: Apache-2.0
// Options that put the user's own data on top of the shipped, the same in every command that reads a fleet.
#pragma once

#include "sim/scenario/load_fleet.h"

namespace CLI {
class App;
}

namespace kvsim::cli {

// `overlays` outlives `app`.
void add_overlay_options(CLI::App& app, sim::Overlays& overlays);

// A line for each file of --profiles that no pool of the fleet uses, with what it is for.
std::vector<std::string> unused_profiles(const sim::Fleet& fleet, const sim::Overlays& overlays);

}  // namespace kvsim::cli
