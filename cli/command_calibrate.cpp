// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include "base/errors.h"
#include "base/files.h"
#include "base/progress.h"
#include "cli/commands.h"
#include "cli/jobs_option.h"
#include "cli/overlay_options.h"
#include "sim/scenario/load_fleet.h"
#include "validation/calibration/calibrate.h"
#include "validation/calibration/calibrate_steps.h"
#include "validation/calibration/calibration_tables.h"

namespace kvsim::cli {
namespace {

struct Options {
  validation::CalibrationSettings settings;
  std::vector<std::string> parameters, hold_outs;
  validation::StepSubject steps_of;
  std::vector<std::uint32_t> stages;
  std::string out, report;
  sim::Overlays overlays;
  bool json = false;
};

// A folder stands for its case.yaml.
std::string case_file(const std::string& path) {
  return std::filesystem::is_directory(path) ? path + "/case.yaml" : path;
}

validation::CalibrationSettings settings_of(const Options& options) {
  validation::CalibrationSettings settings = options.settings;
  for (std::string& path : settings.cases) path = case_file(path);
  for (const std::string& text : options.parameters)
    settings.parameters.push_back(validation::parse_parameter(text));
  settings.stages = {options.stages.begin(), options.stages.end()};
  if (!options.hold_outs.empty()) settings.hold_outs.clear();
  const std::vector<std::string>& names = validation::hold_out_names();
  for (const std::string& name : options.hold_outs)
    settings.hold_outs.push_back(
        static_cast<validation::HoldOut>(std::find(names.begin(), names.end(), name) - names.begin()));
  if (settings.name.empty()) settings.name = std::filesystem::path(options.out).stem().string();
  return settings;
}

// Options that say nothing of this kind of data are refused, not ignored.
void refuse(const CLI::App& command, const std::vector<std::string>& options, const char* why) {
  for (const std::string& option : options)
    if (command.count(option) > 0) throw UsageError(option + ": " + why);
}

validation::Calibration fit(const Options& options, const CLI::App& command) {
  const sim::FleetInputs inputs = sim::load_fleet_inputs(options.overlays);
  const validation::CalibrationSettings settings = settings_of(options);
  if (validation::are_steps(settings.cases)) {
    refuse(command, {"--metric", "--stage", "--hold-out", "--seeds", "--rounds", "--keep", "--jobs"},
           "of measured runs, and these are steps, which are not simulated");
    return validation::calibrate_steps(settings, options.steps_of, inputs);
  }
  refuse(command, {"--accelerator", "--model", "--tp", "--type"}, "of step data; a case names its own");
  ProgressBar bar("calibrating");
  return validation::calibrate(settings, inputs,
                               [&](double share, const std::string& what) { bar.update(share, what); });
}

void calibrate(const Options& options, const CLI::App& command) {
  const validation::Calibration result = fit(options, command);
  write_file(options.out, models::profile_to_yaml(result.profile));
  if (!options.report.empty())
    write_file(options.report, [&](std::ostream& out) { validation::write_calibration_page(out, result); });
  std::cout << (options.json ? validation::calibration_json(result) : validation::calibration_table(result));
}

void add_step_options(CLI::App& command, validation::StepSubject& subject) {
  command.add_option("--accelerator", subject.accelerator, "that step CSVs were measured on")
      ->type_name("ACCELERATOR")
      ->default_str("none; step CSVs need it");
  command.add_option("--model", subject.model, "of step CSVs")
      ->type_name("MODEL")
      ->default_str("none; step CSVs need it");
  command.add_option("--tp", subject.tp, "ranks of step CSVs")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(1, 1024));
  command.add_option("--type", subject.type, "of weights and products of step CSVs")
      ->default_str("as published")
      ->type_name("TYPE");
}

}  // namespace

void add_calibrate_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  validation::CalibrationSettings& settings = options->settings;
  CLI::App& command = *app.add_subcommand("calibrate", "fit a performance profile to measured runs or steps");
  command.add_option("case", settings.cases, "case YAMLs, folders with a case.yaml, or step CSVs")
      ->type_name("FILE")
      ->required();
  command.add_option("--out", options->out, "profile YAML to write")->type_name("FILE")->required();
  command.add_option("--report", options->report, "also write a page with residuals and intervals")
      ->type_name("FILE")
      ->default_str("none");
  command.add_option("--name", settings.name, "of the profile")->type_name("NAME")->default_str("the file's");
  command.add_option("--source", settings.source, "of the figures")
      ->type_name("TITLE")
      ->default_str("the cases', or the step CSVs");
  command.add_option("--date", settings.date, "of the figures")
      ->type_name("YYYY-MM-DD")
      ->default_str("the cases'");
  command.add_option("--engine-from", settings.engine_from, "first engine version it is for")
      ->type_name("VERSION")
      ->default_str("any");
  command.add_option("--engine-to", settings.engine_to, "last engine version it is for")
      ->type_name("VERSION")
      ->default_str("any");
  add_step_options(command, options->steps_of);
  command.add_option("--parameter", options->parameters, "NAME[=START[:LOW:HIGH]] to fit")
      ->type_name("P")
      ->default_str("what serving depends on most");
  command.add_option("--metric", settings.metrics, "whose means are fitted")
      ->type_name("NAME")
      ->default_str("throughput, TTFT, TPOT");
  command.add_option("--stage", options->stages, "fit the figures of these load stages only")
      ->type_name("N")
      ->default_str("all");
  command.add_option("--hold-out", options->hold_outs, "judge on what a fit has not seen")
      ->type_name("WHAT")
      ->default_str("stages")
      ->check(CLI::IsMember(validation::hold_out_names()));
  command.add_option("--seeds", settings.seeds, "simulated runs of each measured one")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  command.add_option("--rounds", settings.rounds, "of a fit, at most")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  add_jobs_option(command, settings.jobs);
  command.add_option("--keep", settings.kept, "keep simulated runs there: a stopped fit goes on")
      ->type_name("FOLDER")
      ->default_str("none");
  command.add_flag("--json", options->json, "print JSON instead of tables");
  add_overlay_options(command, options->overlays);
  command.footer(
      "Example: kvsim calibrate validation/probe/data/h200-2026-11/steps.csv --accelerator H200-SXM \\\n"
      "                         --model Llama-3.1-8B --date 2026-11-26 --out ours.yaml");
  command.callback([options, &command] { calibrate(*options, command); });
}

}  // namespace kvsim::cli
