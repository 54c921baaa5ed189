// SPDX-License-Identifier: Apache-2.0
// How many runs go on side by side, the same in every command that makes several.
#pragma once

#include <cstddef>
#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace kvsim::cli {

// Declares --jobs and sets `jobs`, which outlives `command`, to its default: one a core.
CLI::Option& add_jobs_option(CLI::App& command, std::size_t& jobs,
                             const std::string& what = "runs at a time");

}  // namespace kvsim::cli
