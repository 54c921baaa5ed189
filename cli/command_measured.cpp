// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include "base/files.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/measured_info.h"
#include "cli/overlay_options.h"
#include "cli/trace_options.h"
#include "sim/scenario/load_fleet.h"
#include "validation/case.h"
#include "validation/measurements/case_text.h"
#include "validation/measurements/measurements.h"
#include "validation/measurements/workload_text.h"

namespace kvsim::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string path;
  validation::MeasurementOptions reading;
  bool json = false;
  std::string run, fleet, workload, out, name, title, date;
  std::vector<std::uint32_t> warmup_stages;
  std::optional<std::uint32_t> stage;
  sim::Overlays overlays;
};

std::vector<validation::Measurements> read(const Options& options) {
  Problems problems;
  std::vector<validation::Measurements> runs =
      validation::read_measurements(options.path, problems, options.reading);
  problems.throw_if_any();
  return runs;
}

void info(const Options& options) {
  const std::vector<validation::Measurements> runs = read(options);
  if (!options.json) {
    std::cout << measured_info_text(runs);
    return;
  }
  JsonWriter json(std::cout);
  write_measured_info(json, runs);
}

validation::Measurements chosen(const Options& options) {
  const std::vector<validation::Measurements> runs = read(options);
  if (const validation::Measurements* run = validation::find_run(runs, options.run)) return *run;
  throw UsageError("--run: " + options.path + " holds " + std::to_string(runs.size()) + " runs; " +
                   valid_names_remedy(options.run, validation::run_names(runs)));
}

// As it is written into the case, which names paths from its own folder.
std::string from_case(const std::string& path, const std::string& out) {
  return fs::absolute(path)
      .lexically_normal()
      .lexically_relative(fs::absolute(out).lexically_normal().parent_path())
      .string();
}

validation::CaseRequest request(const Options& options) {
  const validation::Measurements run = chosen(options);
  validation::CaseRequest request;
  request.name = options.name.empty() ? run.name : options.name;
  request.about = "measured with " + run.format;
  request.source = {options.title.empty() ? run.format + ", " + options.path : options.title,
                    options.date.empty() ? run.date : options.date};
  if (request.source.date.empty())
    throw UsageError(
        "--date: the files do not tell when they were measured; give --date, such as 2026-04-25");
  request.fleet = from_case(options.fleet, options.out);
  request.workload = from_case(options.workload, options.out);
  request.figures =
      validation::scored_figures(run, {options.warmup_stages.begin(), options.warmup_stages.end()});
  return request;
}

void write_case(const Options& options) {
  const validation::CaseRequest wanted = request(options);
  const std::string text = validation::case_text(wanted);
  validation::read_case(parse_yaml(text, options.out), sim::load_fleet_inputs(options.overlays));
  write_file(options.out, text);
  std::cerr << "wrote " << wanted.figures.size() << " figures to " << options.out << "\n";
}

const validation::MeasuredStage& chosen_stage(const validation::Measurements& run, const Options& options) {
  for (const validation::MeasuredStage& stage : run.stages)
    if (options.stage ? stage.index == *options.stage : run.stages.size() == 1) return stage;
  throw UsageError("--stage: " + run.name + " has " + std::to_string(run.stages.size()) +
                   " stages; give the number of one, as kvsim measured info shows it");
}

void write_workload(const Options& options) {
  const validation::Measurements run = chosen(options);
  Problems problems;
  const std::string text = validation::workload_text(run, chosen_stage(run, options), problems);
  problems.throw_if_any();
  write_file(options.out, text);
  std::cerr << "wrote " << options.out << "\n";
}

void add_reading(CLI::App& command, Options& options) {
  command.add_option("path", options.path, "file or folder of a benchmark")->type_name("PATH")->required();
  command
      .add_option("--seconds-between", options.reading.seconds_between,
                  "between the first and the last dump of /metrics, for rates")
      ->type_name("TIME")
      ->transform(seconds_of)
      ->default_str("as their stamps tell")
      ->check(CLI::PositiveNumber);
}

void add_info(CLI::App& parent, const std::shared_ptr<Options>& options) {
  CLI::App& command = *parent.add_subcommand("info", "what was measured: stages, figures, notes");
  add_reading(command, *options);
  command.add_flag("--json", options->json, "print JSON instead of tables");
  command.footer("Example: kvsim measured info REPORTS");
  command.callback([options] { info(*options); });
}

void add_case(CLI::App& parent, const std::shared_ptr<Options>& options) {
  CLI::App& command = *parent.add_subcommand("case", "a case for kvsim validate out of it");
  add_reading(command, *options);
  command.add_option("--run", options->run, "which run")->type_name("NAME")->default_str("the only one");
  command.add_option("--fleet", options->fleet, "fleet YAML on which it was measured")
      ->type_name("FILE")
      ->required();
  command.add_option("--workload", options->workload, "trace or workload that was sent")
      ->type_name("FILE")
      ->required();
  command.add_option("--out", options->out, "case YAML to write")->type_name("FILE")->required();
  command.add_option("--name", options->name, "of the case")->type_name("NAME")->default_str("the run's");
  command.add_option("--title", options->title, "of the source")
      ->type_name("TITLE")
      ->default_str("the tool and the path");
  command.add_option("--date", options->date, "of the measurement")
      ->type_name("YYYY-MM-DD")
      ->default_str("as the files tell");
  command.add_option("--warmup-stages", options->warmup_stages, "stages that are not compared, such as 0,1")
      ->type_name("N,N")
      ->default_str("none")
      ->delimiter(',');
  add_overlay_options(command, options->overlays);
  command.footer(
      "Example: kvsim measured case REPORTS --fleet FLEET.yaml --workload LOAD.yaml --out case.yaml");
  command.callback([options] { write_case(*options); });
}

void add_workload(CLI::App& parent, const std::shared_ptr<Options>& options) {
  CLI::App& command = *parent.add_subcommand("workload", "a workload like the one that was measured");
  add_reading(command, *options);
  command.add_option("--run", options->run, "which run")->type_name("NAME")->default_str("the only one");
  command.add_option("--stage", options->stage, "which stage")->type_name("N")->default_str("the only one");
  command.add_option("--out", options->out, "workload YAML to write")->type_name("FILE")->required();
  command.footer("Example: kvsim measured workload METRICS --seconds-between 600 --out load.yaml");
  command.callback([options] { write_workload(*options); });
}

}  // namespace

void add_measured_command(CLI::App& app) {
  CLI::App& command =
      *app.add_subcommand("measured", "read what a benchmark or a running cluster left behind");
  command.require_subcommand(1);
  command.footer("Example: kvsim measured info REPORTS");
  const auto options = std::make_shared<Options>();
  add_info(command, options);
  add_case(command, options);
  add_workload(command, options);
}

}  // namespace kvsim::cli
