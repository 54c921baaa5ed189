// SPDX-License-Identifier: Apache-2.0
// A plan is made from copies of its inputs, inside its own folder, so that the folder tells all that the plan
// rests on and the plan can be made again from it.
//
//   inputs/files/...      the problem, what it names, what that names, and overlays, as they lie to each
//   other inputs/data/...       catalog, models, profiles, presets and shapes that were shipped with this
//   version inputs/command.json   version, problem, overlays, whether what-if tables were asked for
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/load_fleet.h"

namespace kvsim::planner {

struct KeptInputs {
  std::string root;        // inputs/files, absolute
  std::string problem;     // from `root`
  sim::Overlays overlays;  // from `root`
  bool with_what_if = true;
};

// Files that a YAML names are those of its texts that are a file, seen from its own folder; absolute paths
// stay where they are. InputError where a file cannot be read or written.
KeptInputs keep_inputs(const std::string& problem, const sim::Overlays& overlays, bool with_what_if,
                       const std::string& folder);

// Of an earlier plan. InputError where it is none, or of another version.
KeptInputs kept_inputs(const std::string& folder);

std::string kept_data(const std::string& folder);  // inputs/data, absolute

}  // namespace kvsim::planner
