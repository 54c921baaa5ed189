// SPDX-License-Identifier: Apache-2.0
// One function a command: it declares its options on `app` and, when chosen, does its work in a callback.
// Commands only turn options into a library call and hand the result to a writer. Errors are thrown
// (base/errors.h); main() prints them and picks the exit code. Tables go to stdout (as JSON with --json),
// everything else to stderr.
#pragma once

namespace CLI {
class App;
}

namespace kvsim::cli {

void add_run_command(CLI::App& app);
void add_sweep_command(CLI::App& app);
void add_compare_command(CLI::App& app);
void add_trace_command(CLI::App& app);
void add_import_command(CLI::App& app);
void add_catalog_command(CLI::App& app);
void add_measured_command(CLI::App& app);
void add_validate_command(CLI::App& app);
void add_calibrate_command(CLI::App& app);
void add_probe_command(CLI::App& app);
void add_plan_command(CLI::App& app);
void add_check_command(CLI::App& app);
void add_reproduce_command(CLI::App& app);
void add_new_command(CLI::App& app);
void add_completion_command(CLI::App& app);

}  // namespace kvsim::cli
