// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "base/files.h"
#include "base/progress.h"
#include "cli/commands.h"
#include "cli/jobs_option.h"
#include "cli/overlay_options.h"
#include "cli/validation_json.h"
#include "sim/scenario/load_fleet.h"
#include "validation/summary_page.h"
#include "validation/validation_page.h"

namespace kvsim::cli {
namespace {

struct Options {
  std::vector<std::string> cases;
  std::size_t jobs = 1;
  std::string page;
  sim::Overlays overlays;
  bool json = false;
};

validation::CaseResult run(const validation::Case& measured, std::size_t jobs) {
  ProgressBar bar(measured.name);
  return validation::run_case(measured, jobs,
                              [&](double share, const std::string& what) { bar.update(share, what); });
}

void print(const std::vector<validation::CaseResult>& results, bool as_json) {
  if (as_json) return write_validation_json(std::cout, results);
  for (const validation::CaseResult& result : results)
    std::cout << validation::comparison_table(result) << "\n";
  if (results.size() > 1) std::cout << validation::summary_tables(results);
}

void throw_if_not_run(const std::vector<validation::CaseResult>& results) {
  std::string message;
  for (const validation::CaseResult& result : results)
    if (!result.not_run.empty()) message += "not run: " + result.name + ": " + result.not_run + "\n";
  if (message.empty()) return;
  message.pop_back();
  throw Error(ExitCode::kBadInput, message);
}

void validate(const Options& options) {
  const sim::FleetInputs inputs = sim::load_fleet_inputs(options.overlays);
  std::vector<validation::CaseResult> results;
  for (const std::string& path : options.cases)
    results.push_back(run(validation::load_case(path, inputs), options.jobs));
  if (!options.page.empty()) write_file(options.page, validation::validation_page(results, inputs.profiles));
  print(results, options.json);
  throw_if_not_run(results);
}

}  // namespace

void add_validate_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("validate", "simulate measured runs and print the error");
  command.add_option("case", options->cases, "case YAML files")->type_name("FILE")->required();
  command.add_option("--page", options->page, "also write the comparison as a Markdown page")
      ->type_name("FILE")
      ->default_str("none");
  command.add_flag("--json", options->json, "print JSON instead of tables");
  add_jobs_option(command, options->jobs);
  add_overlay_options(command, options->overlays);
  command.footer("Example: kvsim validate validation/cases/rtx-pro-6000-llama-3.1-8b/case.yaml");
  command.callback([options] { validate(*options); });
}

}  // namespace kvsim::cli
