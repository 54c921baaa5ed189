// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <span>

#include "base/files.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/jobs_option.h"
#include "cli/overlay_options.h"
#include "cli/set_options.h"
#include "cli/sweep_grid.h"
#include "cli/sweep_plan.h"
#include "cli/sweep_runner.h"
#include "cli/trace_options.h"
#include "sim/report/results_folder.h"

namespace kvsim::cli {
namespace {

struct Options {
  std::string fleet;
  std::string out;
  std::vector<std::string> settings;
  std::string epp_config;
  std::vector<std::string> metrics;
  std::string x;
  sim::Simulation simulation;
  sim::Overlays overlays;
  std::uint64_t seeds = 1;
  std::size_t jobs = 1;
  bool json = false;
};

std::string chosen_x(const std::vector<sim::SweepAxis>& axes, const std::string& asked) {
  if (asked.empty()) return sim::natural_x(axes).key;
  std::vector<std::string> keys;
  for (const sim::SweepAxis& axis : axes) keys.push_back(axis.key);
  if (std::find(keys.begin(), keys.end(), asked) == keys.end())
    throw UsageError("--x: found '" + asked + "'; " + valid_names_remedy(asked, keys));
  return asked;
}

std::vector<std::vector<std::string>> settings_of(const std::vector<sim::SweepAxis>& axes,
                                                  const std::vector<std::vector<std::string>>& points,
                                                  const std::vector<std::string>& common) {
  std::vector<std::vector<std::string>> settings(points.size(), common);
  for (std::size_t point = 0; point < points.size(); ++point)
    for (std::size_t i = 0; i < axes.size(); ++i)
      settings[point].push_back(axes[i].key + "=" + points[point][i]);
  return settings;
}

// A place in a list that the fleet lacks, or a figure that it cannot give (a cost without prices, say).
void tell_unknown(const sim::Sweep& sweep) {
  for (std::size_t i = 0; i < sweep.metrics.size(); ++i) {
    const auto knows = [i](const sim::SweepPoint& point) { return point.figures[i].mean.has_value(); };
    if (std::none_of(sweep.points.begin(), sweep.points.end(), knows))
      std::cerr << "note: " << sweep.metrics[i] << " is unknown at every point\n";
  }
}

void write(const Options& options, const sim::Sweep& sweep) {
  write_file(options.out + "/sweep.csv", [&](std::ostream& out) { sim::write_sweep_csv(out, sweep); });
  write_file(options.out + "/sweep.html", [&](std::ostream& out) { sim::write_sweep_html(out, sweep); });
  if (options.json) {
    JsonWriter json(std::cout);
    sim::add_sweep(json, sweep);
  } else {
    std::cout << sim::sweep_table(sweep);
  }
  std::cerr << "report: " << options.out << "/sweep.html\n";
}

void sweep(const Options& options) {
  sim::Sweep result;
  result.fleet = options.fleet;
  result.trace = options.simulation.trace;
  result.seed = options.simulation.run.seed;
  result.seeds = options.seeds;
  result.axes = sweep_axes(options.settings);
  result.x = chosen_x(result.axes, options.x);
  result.metrics = sweep_metrics(options.metrics);
  const std::vector<std::vector<std::string>> points = sweep_grid(result.axes, options.seeds);
  const SweepPlan plan = plan_sweep(settings_of(result.axes, points, epp_settings(options.epp_config)),
                                    options.fleet, options.overlays, options.simulation, options.seeds);
  sim::check_results_folder(options.out);
  const SweepFailures failures = simulate_missing(plan, options.out, options.jobs);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto seeds = std::span(plan.runs).subspan(i * options.seeds, options.seeds);
    result.points.push_back(collect_point(seeds, result.metrics, failures, options.out));
    result.points.back().values = points[i];
  }
  write(options, result);
  tell_unknown(result);
  throw_first(plan, failures);
}

}  // namespace

void add_sweep_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("sweep", "simulate a grid of settings, many runs at a time");
  command.add_option("--fleet", options->fleet, "fleet YAML")->type_name("FILE")->required();
  command.add_option("--trace", options->simulation.trace, "trace, workload YAML, or inference-perf YAML")
      ->type_name("FILE")
      ->required();
  add_set_option(command, options->settings,
                 "values V1,V2,... to try in the fleet, or as workload.PATH there");
  command.get_option("--set")->required();
  add_epp_option(command, options->epp_config);
  command
      .add_option("--out", options->out,
                  "folder for sweep.csv, sweep.html and the runs; goes on where it stopped")
      ->type_name("FOLDER")
      ->required();
  add_jobs_option(command, options->jobs);
  command.add_option("--seed", options->simulation.run.seed, "first seed")
      ->type_name("N")
      ->capture_default_str()
      ->check(whole_number);
  command.add_option("--seeds", options->seeds, "seeds for each point")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command.add_option("--metric", options->metrics, "dotted path into summary.json")
      ->type_name("PATH")
      ->default_str("the usual six")
      ->allow_extra_args(false);
  command.add_option("--x", options->x, "the setting that the chart runs along")
      ->type_name("PATH")
      ->default_str("the first of numbers");
  command.add_flag("--json", options->json, "print JSON instead of a table");
  add_overlay_options(command, options->overlays);
  add_trace_options(command, options->simulation.reading);
  command.footer(
      "Example: kvsim sweep --fleet examples/quickstart/fleet.yaml \\\n"
      "                     --trace examples/quickstart/workload.yaml \\\n"
      "                     --set replicas=1,2,4 --set router.policy=round-robin,least-request --out sweep");
  command.callback([options] { sweep(*options); });
}

}  // namespace kvsim::cli
