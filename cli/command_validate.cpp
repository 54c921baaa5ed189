// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "base/files.h"
#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/overlay_options.h"
#include "sim/scenario/load_fleet.h"
#include "validation/validation_page.h"

namespace kvsim::cli {
namespace {

struct Options {
  std::vector<std::string> cases;
  std::string page;
  sim::Overlays overlays;
  bool json = false;
};

void write_figure(JsonWriter& json, const validation::ComparedFigure& figure) {
  json.begin_object();
  json.key("metric").value(figure.measured.metric);
  json.key("statistic").value(figure.measured.statistic);
  if (figure.measured.stage) json.key("stage").value(static_cast<std::uint64_t>(*figure.measured.stage));
  json.key("measured").value(figure.measured.value);
  json.key("noise").value(figure.measured.noise);
  json.key("simulated");
  figure.simulated ? json.value(*figure.simulated) : json.null();
  json.key("error");
  figure.error() ? json.value(*figure.error()) : json.null();
  json.end_object();
}

void write_json(const std::vector<validation::CaseResult>& results) {
  JsonWriter json(std::cout);
  json.begin_array();
  for (const validation::CaseResult& result : results) {
    json.begin_object().key("case").value(result.name).key("figures").begin_array();
    for (const validation::ComparedFigure& figure : result.figures) write_figure(json, figure);
    json.end_array().end_object();
  }
  json.end_array();
}

void validate(const Options& options) {
  const sim::FleetInputs inputs = sim::load_fleet_inputs(options.overlays);
  std::vector<validation::CaseResult> results;
  for (const std::string& path : options.cases)
    results.push_back(validation::run_case(validation::load_case(path, inputs)));
  if (!options.page.empty()) write_file(options.page, validation::validation_page(results));
  if (options.json) return write_json(results);
  for (const validation::CaseResult& result : results)
    std::cout << validation::comparison_table(result) << "\n";
}

}  // namespace

void add_validate_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("validate", "simulate measured runs and print the error");
  command.add_option("case", options->cases, "case YAML files")->required();
  command.add_option("--page", options->page, "also write the comparison as a Markdown page");
  command.add_flag("--json", options->json, "print JSON instead of tables");
  add_overlay_options(command, options->overlays);
  command.footer("Example: kvsim validate validation/cases/rtx-pro-6000-llama-3.1-8b/case.yaml");
  command.callback([options] { validate(*options); });
}

}  // namespace kvsim::cli
