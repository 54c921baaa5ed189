// SPDX-License-Identifier: Apache-2.0
#include "cli/application.h"

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/help_pages.h"
#include "cli/usage_faults.h"

namespace kvsim::cli {

std::unique_ptr<CLI::App> make_application(const std::string& version) {
  auto app = std::make_unique<CLI::App>(
      "Simulate and size fleets that serve language models, before the hardware is bought.", "kvsim");
  app->formatter(std::make_shared<HelpPages>());
  app->set_help_flag("-h,--help", "print this, and stop");
  app->set_version_flag("--version", version, "print the version, and stop");
  app->require_subcommand(1);
  app->failure_message(usage_fault);
  app->footer(
      "Example: kvsim run --fleet examples/quickstart/fleet.yaml --trace examples/quickstart/workload.yaml");
  for (const auto add : {add_new_command, add_run_command, add_sweep_command, add_compare_command,
                         add_plan_command, add_check_command, add_reproduce_command, add_trace_command,
                         add_import_command, add_catalog_command, add_measured_command, add_validate_command,
                         add_calibrate_command, add_probe_command, add_completion_command})
    add(*app);
  return app;
}

}  // namespace kvsim::cli
