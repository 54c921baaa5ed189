// SPDX-License-Identifier: Apache-2.0
#include "cli/jobs_option.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <thread>

namespace kvsim::cli {

CLI::Option& add_jobs_option(CLI::App& command, std::size_t& jobs, const std::string& what) {
  jobs = std::max(1u, std::thread::hardware_concurrency());
  return *command.add_option("--jobs", jobs, what)
              ->type_name("N")
              ->default_str("one a core")
              ->check(CLI::Range(1, 1024));
}

}  // namespace kvsim::cli
