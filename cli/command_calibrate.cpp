// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <thread>

#include "base/files.h"
#include "base/progress.h"
#include "cli/commands.h"
#include "cli/overlay_options.h"
#include "sim/scenario/load_fleet.h"
#include "validation/calibration/calibrate.h"
#include "validation/calibration/calibration_tables.h"

namespace kvsim::cli {
namespace {

struct Options {
  validation::CalibrationSettings settings;
  std::vector<std::string> parameters, hold_outs;
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

void calibrate(const Options& options) {
  const sim::FleetInputs inputs = sim::load_fleet_inputs(options.overlays);
  validation::Calibration result;
  {
    ProgressBar bar("calibrating");
    result = validation::calibrate(settings_of(options), inputs,
                                   [&](double share, const std::string& what) { bar.update(share, what); });
  }
  write_file(options.out, models::profile_to_yaml(result.profile));
  if (!options.report.empty())
    write_file(options.report, [&](std::ostream& out) { validation::write_calibration_page(out, result); });
  std::cout << (options.json ? validation::calibration_json(result) : validation::calibration_table(result));
}

}  // namespace

void add_calibrate_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  validation::CalibrationSettings& settings = options->settings;
  settings.jobs = std::max(1u, std::thread::hardware_concurrency());
  CLI::App& command = *app.add_subcommand("calibrate", "fit a performance profile to measured runs");
  command.add_option("case", settings.cases, "case YAMLs, or folders with a case.yaml")->required();
  command.add_option("--out", options->out, "profile YAML to write")->required();
  command.add_option("--report", options->report, "also write a page with residuals and intervals");
  command.add_option("--name", settings.name, "of the profile (default: the file's)");
  command.add_option("--source", settings.source, "of the figures (default: the cases')");
  command.add_option("--date", settings.date, "of the figures (default: the cases')");
  command.add_option("--engine-from", settings.engine_from, "first engine version it is for");
  command.add_option("--engine-to", settings.engine_to, "last engine version it is for");
  command.add_option("--parameter", options->parameters,
                     "NAME[=START[:LOW:HIGH]] to fit (default: what serving depends on most)");
  command.add_option("--metric", settings.metrics,
                     "whose means are fitted (default: throughput, TTFT, TPOT)");
  command.add_option("--stage", options->stages, "fit the figures of these load stages only");
  command.add_option("--hold-out", options->hold_outs, "judge on what a fit has not seen")
      ->check(CLI::IsMember(validation::hold_out_names()));
  command.add_option("--seeds", settings.seeds, "simulated runs of each measured one")
      ->check(CLI::Range(1, 100));
  command.add_option("--rounds", settings.rounds, "of a fit, at most")->check(CLI::Range(1, 1000));
  command.add_option("--jobs", settings.jobs, "runs at a time (default: one a core)")
      ->check(CLI::Range(1, 1024));
  command.add_option("--keep", settings.kept, "folder of simulated runs: a stopped fit goes on from there");
  command.add_flag("--json", options->json, "print JSON instead of tables");
  add_overlay_options(command, options->overlays);
  command.footer("Example: kvsim calibrate validation/cases/h100-nvl-granite-* --out h100-nvl-granite.yaml");
  command.callback([options] { calibrate(*options); });
}

}  // namespace kvsim::cli
