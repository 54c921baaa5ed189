// SPDX-License-Identifier: Apache-2.0
// A problem YAML to a Problem. Strict: every fault of the file, of the price files that it names and of what
// it has in common with fleets at once, each with file, line, path and remedy (InputError). Files are looked
// up from the problem's own folder. docs/problem.md has the form.
#pragma once

#include <string>

#include "base/document.h"
#include "base/overrides.h"
#include "planner/problem.h"
#include "sim/scenario/load_fleet.h"

namespace kvsim::planner {

Problem load_problem(const std::string& path, const sim::FleetInputs& inputs,
                     const Overrides& overrides = {});
Problem read_problem(const Document& document, const sim::FleetInputs& inputs);

}  // namespace kvsim::planner
