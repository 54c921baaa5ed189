// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <iostream>

#include "base/errors.h"
#include "base/huge_pages.h"
#include "base/progress.h"
#include "cli/commands.h"

namespace {

int fail(kvsim::ExitCode code, const std::string& message) {
  std::cerr << message << "\n";
  return static_cast<int>(code);
}

int run(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    if (!std::cout.flush() || std::fflush(stdout) != 0)
      return fail(kvsim::ExitCode::kBadInput, "standard output: cannot be written; is the disk full?");
    return static_cast<int>(kvsim::ExitCode::kOk);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error, std::cout, std::cerr);
    return static_cast<int>(status == 0 ? kvsim::ExitCode::kOk : kvsim::ExitCode::kUsage);
  } catch (const std::exception&) {
    const kvsim::Failure failure = kvsim::current_failure();
    return fail(failure.code, failure.message);
  }
}

}  // namespace

int main(int argc, char** argv) {
  kvsim::prefer_huge_pages();
  kvsim::catch_interrupts();
  CLI::App app(
      "Simulate and size fleets that serve language models: latency, throughput, hits, cost and power\n"
      "before the hardware is bought.",
      "kvsim");
  app.set_version_flag("--version", KVSIM_VERSION);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::help);
  kvsim::cli::add_run_command(app);
  kvsim::cli::add_sweep_command(app);
  kvsim::cli::add_compare_command(app);
  kvsim::cli::add_trace_command(app);
  kvsim::cli::add_import_command(app);
  kvsim::cli::add_catalog_command(app);
  kvsim::cli::add_measured_command(app);
  kvsim::cli::add_validate_command(app);
  kvsim::cli::add_calibrate_command(app);
  kvsim::cli::add_probe_command(app);
  kvsim::cli::add_plan_command(app);
  kvsim::cli::add_check_command(app);
  kvsim::cli::add_reproduce_command(app);
  return run(app, argc, argv);
}
