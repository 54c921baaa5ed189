// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <thread>

#include "base/files.h"
#include "base/json_writer.h"
#include "base/progress.h"
#include "cli/commands.h"
#include "cli/overlay_options.h"
#include "sim/scenario/load_fleet.h"
#include "validation/validation_page.h"

namespace kvsim::cli {
namespace {

struct Options {
  std::vector<std::string> cases;
  std::size_t jobs = std::max(1u, std::thread::hardware_concurrency());
  std::string page;
  sim::Overlays overlays;
  bool json = false;
};

const char* word(validation::Judgement judgement) {
  if (judgement == validation::Judgement::kShown) return "shown";
  return judgement == validation::Judgement::kWithin ? "within" : "outside";
}

void write_optional(JsonWriter& json, std::string_view key, const std::optional<double>& value) {
  json.key(key);
  value ? json.value(*value) : json.null();
}

void write_spread(JsonWriter& json, const std::optional<validation::Spread>& spread) {
  if (!spread) return;
  json.key("over_seeds").begin_object();
  json.member("least", spread->least).member("most", spread->most).end_object();
}

void write_figure(JsonWriter& json, const std::string& point, const validation::ComparedFigure& figure) {
  json.begin_object();
  if (!point.empty()) json.key("point").value(point);
  json.key("metric").value(figure.measured.metric);
  json.key("statistic").value(figure.measured.statistic);
  if (figure.measured.stage) json.key("stage").value(static_cast<std::uint64_t>(*figure.measured.stage));
  json.key("measured").value(figure.measured.value);
  json.key("noise").value(figure.measured.noise);
  write_optional(json, "simulated", figure.simulated);
  write_spread(json, figure.spread);
  write_optional(json, "error", figure.error());
  json.key("verdict").value(word(figure.judgement()));
  json.end_object();
}

void write_curve(JsonWriter& json, const validation::ComparedCurve& curve) {
  json.begin_object().key("name").value(curve.measured.name);
  json.key("x").value(curve.measured.x).key("y").value(curve.measured.y).key("values").begin_array();
  for (std::size_t i = 0; i < curve.simulated.size(); ++i) {
    json.begin_object();
    json.key("x").value(curve.measured.values[i].x);
    json.key("measured").value(curve.measured.values[i].y);
    json.key("uncertainty").value(curve.measured.values[i].uncertainty);
    write_optional(json, "simulated", curve.simulated[i]);
    write_spread(json, curve.spread[i]);
    write_optional(json, "error", curve.error(i));
    json.key("verdict").value(word(curve.judgement(i)));
    json.end_object();
  }
  json.end_array().end_object();
}

void write_ranking(JsonWriter& json, const validation::ComparedRanking& ranking) {
  json.begin_object().member("name", ranking.ranking.name).member("x", ranking.x).key("at").begin_array();
  for (const validation::RankedAt& at : ranking.at) {
    json.begin_object().member("x", at.x).member("measured", at.measured).member("simulated", at.simulated);
    json.member("pairs", at.pairs).member("alike", at.alike).key("against_expected").begin_array();
    for (const std::string& pair : at.simulated_against) json.value(pair);
    json.end_array().member("verdict", word(at.judgement)).end_object();
  }
  json.end_array().end_object();
}

void write_case(JsonWriter& json, const validation::CaseResult& result) {
  json.begin_object().key("case").value(result.name);
  if (!result.not_run.empty()) json.member("not_run", result.not_run);
  json.member("seeds", result.seeds).key("figures").begin_array();
  for (const validation::ComparedPoint& point : result.points)
    for (const validation::ComparedFigure& figure : point.figures) write_figure(json, point.name, figure);
  json.end_array().key("curves").begin_array();
  for (const validation::ComparedCurve& curve : result.curves) write_curve(json, curve);
  json.end_array().key("rankings").begin_array();
  for (const validation::ComparedRanking& ranking : result.rankings) write_ranking(json, ranking);
  json.end_array().end_object();
}

void write_json(const std::vector<validation::CaseResult>& results) {
  JsonWriter json(std::cout);
  json.begin_array();
  for (const validation::CaseResult& result : results) write_case(json, result);
  json.end_array();
}

validation::CaseResult run(const validation::Case& measured, std::size_t jobs) {
  ProgressBar bar(measured.name);
  return validation::run_case(measured, jobs,
                              [&](double share, const std::string& what) { bar.update(share, what); });
}

void print(const std::vector<validation::CaseResult>& results, bool as_json) {
  if (as_json) return write_json(results);
  for (const validation::CaseResult& result : results)
    std::cout << validation::comparison_table(result) << "\n";
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
  if (!options.page.empty()) write_file(options.page, validation::validation_page(results));
  print(results, options.json);
  throw_if_not_run(results);
}

}  // namespace

void add_validate_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("validate", "simulate measured runs and print the error");
  command.add_option("case", options->cases, "case YAML files")->required();
  command.add_option("--page", options->page, "also write the comparison as a Markdown page");
  command.add_flag("--json", options->json, "print JSON instead of tables");
  command.add_option("--jobs", options->jobs, "runs at a time (default: one a core)")
      ->check(CLI::Range(1, 1024));
  add_overlay_options(command, options->overlays);
  command.footer("Example: kvsim validate validation/cases/rtx-pro-6000-llama-3.1-8b/case.yaml");
  command.callback([options] { validate(*options); });
}

}  // namespace kvsim::cli
