// SPDX-License-Identifier: Apache-2.0
// A fleet YAML to a Fleet. Strict: every problem of the file at once, each with file, line, path and remedy
// (InputError). Files that a fleet names (config.json, `from`, profile, table) are looked up from its own
// folder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/document.h"
#include "base/overrides.h"
#include "hardware-catalog/catalog.h"
#include "models/model_card.h"
#include "models/profile_draw.h"
#include "models/profile_library.h"
#include "sim/scenario/fleet.h"

namespace kvsim::sim {

// What a fleet file may refer to by name.
struct FleetInputs {
  Catalog catalog;
  models::ModelLibrary models;
  models::ProfileLibrary profiles;
  std::optional<models::ProfileDraw> draw = {};  // of profiles that a fleet names by path
};

// The shipped data, with the user's folders or files on top.
struct Overlays {
  std::vector<std::string> catalog;
  std::vector<std::string> models;
  std::vector<std::string> profiles;
};
FleetInputs load_fleet_inputs(const Overlays& overlays = {});

// The same with every profile drawn (models/profile_draw.h): a fleet read with them is one that the profiles'
// uncertainty allows.
FleetInputs drawn_inputs(const FleetInputs& inputs, models::ProfileDraw draw);

Fleet load_fleet(const std::string& path, const FleetInputs& inputs, const Overrides& overrides = {});
Fleet read_fleet(const Document& document, const FleetInputs& inputs);
Fleet read_fleet(const Node& root, const std::string& file,
                 const FleetInputs& inputs);  // a fleet inside a file

// The fleet as a fleet YAML with every default spelled out and the derived figures as comments. Reading it
// back (from the same working folder, with the same inputs) gives the same fleet.
std::string effective_yaml(const Fleet& fleet);

}  // namespace kvsim::sim
