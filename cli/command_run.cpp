// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "base/json_writer.h"
#include "base/progress.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/jobs_option.h"
#include "cli/overlay_options.h"
#include "cli/set_options.h"
#include "cli/trace_options.h"
#include "cli/uncertainty.h"
#include "sim/report/results_folder.h"
#include "sim/report/simulate_run.h"
#include "sim/report/summary_json.h"
#include "sim/scenario/load_fleet.h"

namespace kvsim::cli {
namespace {

struct Options {
  std::string fleet;
  sim::Simulation simulation;
  std::vector<std::string> settings;
  std::vector<std::string> exports;
  std::string epp_config;
  sim::Overlays overlays;
  std::uint64_t draws = 0;
  std::size_t jobs = 1;
  bool json = false;
  bool print_effective = false;
};

constexpr std::uint64_t kMostDraws = 1000;

void print(const Options& options, const sim::Summary& summary) {
  if (options.json) {
    JsonWriter json(std::cout);
    sim::add_summary(json, summary);
    return;
  }
  std::cout << sim::results_table(summary);
}

sim::Summary simulate_with_bar(const sim::Fleet& fleet, sim::Simulation simulation) {
  ProgressBar bar("simulating");
  simulation.run.progress = [&bar](double fraction, Nanoseconds now) {
    bar.update(fraction, std::to_string(now / kNanosecondsPerSecond) + " s simulated");
  };
  return sim::simulate_to_summary(fleet, simulation);
}

// What a reader of the results may miss.
void tell_notes(const Options& options, const sim::Fleet& fleet) {
  for (const std::string& note : unused_profiles(fleet, options.overlays))
    std::cerr << "note: " << note << "\n";
  for (const sim::Pool& pool : fleet.pools)
    if (!pool.accelerator_price_per_hour)
      std::cerr << "note: no cost: no price of " << pool.accelerator.name
                << " is known; give accelerator_price_per_hour, or prices with --catalog\n";
  const auto has_goal = [](const sim::SloClass& slo) { return !slo.objectives.empty(); };
  if (std::none_of(fleet.slo_classes.begin(), fleet.slo_classes.end(), has_goal))
    std::cerr
        << "note: the fleet has no goals; with slo_classes the results tell how many requests keep them\n";
}

// Before a long run: what its end would refuse.
void check(const Options& options) {
  const sim::Simulation& simulation = options.simulation;
  if (simulation.trace.empty())
    throw UsageError("--trace is missing: a trace file, a workload YAML or an inference-perf YAML");
  const bool needs_folder = simulation.requests_csv || simulation.timeline || simulation.routing ||
                            simulation.audit || !simulation.exports.empty();
  if (simulation.out.empty() && needs_folder)
    throw UsageError("--requests, --timeline, --explain-routing, --audit and --export need a folder: --out");
  if (options.draws > 0) sim::refuse_what_is_read_only_once(simulation.trace);
  if (!simulation.out.empty()) sim::check_results_folder(simulation.out);
}

void run(Options& options) {
  sim::Simulation& simulation = options.simulation;
  std::vector<std::string> settings = epp_settings(options.epp_config);
  settings.insert(settings.end(), options.settings.begin(), options.settings.end());
  const ScenarioOverrides overrides = scenario_overrides(settings);
  simulation.reading.overrides = overrides.workload;
  if (options.draws > 0) sim::refuse_what_is_read_only_once(options.fleet);
  const sim::FleetInputs inputs = sim::load_fleet_inputs(options.overlays);
  const sim::Fleet fleet = sim::load_fleet(options.fleet, inputs, overrides.fleet);
  if (options.print_effective) {
    std::cout << sim::effective_yaml(fleet);
    return;
  }
  simulation.routing = simulation.run.explain_every > 0;
  for (const std::string& name : options.exports) simulation.exports.insert(sim::export_format(name));
  check(options);
  const std::string& out = simulation.out;
  sim::Summary summary = simulate_with_bar(fleet, simulation);
  if (options.draws > 0) {
    add_uncertainty({options.fleet, inputs, overrides.fleet, simulation, options.draws, options.jobs},
                    summary);
  }
  if (!out.empty()) sim::write_results(out, summary);
  print(options, summary);
  tell_notes(options, fleet);
  if (!out.empty()) std::cerr << "report: " << out << "/run.html\n";
}

}  // namespace

void add_run_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("run", "simulate a workload on a fleet");
  command.add_option("--fleet", options->fleet, "fleet YAML")->type_name("FILE")->required();
  command
      .add_option("--trace", options->simulation.trace,
                  "trace, workload YAML, or inference-perf YAML, for a run")
      ->type_name("FILE")
      ->default_str("none");
  command.add_option("--out", options->simulation.out, "folder for summary.json, run.html, timeseries.csv")
      ->type_name("FOLDER")
      ->default_str("none");
  add_set_option(command, options->settings, "put a value into the fleet, or as workload.PATH there");
  add_epp_option(command, options->epp_config);
  command.add_option("--seed", options->simulation.run.seed, "of every random stream")
      ->type_name("N")
      ->capture_default_str()
      ->check(whole_number);
  command.add_flag("--requests", options->simulation.requests_csv,
                   "also write requests.csv, a row a request");
  command.add_flag("--timeline", options->simulation.timeline,
                   "also write timeline.json for ui.perfetto.dev");
  command.add_option("--export", options->exports, "also write the results in these formats")
      ->type_name("NAME,NAME")
      ->default_str("none")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(sim::export_names()));
  command
      .add_option("--explain-routing", options->simulation.run.explain_every,
                  "write routing.jsonl: every N-th decision in full (default: off; alone: 1)")
      ->type_name("N")
      ->expected(0, 1)
      ->default_str("1")
      ->check(whole_number);
  command.add_flag("--audit", options->simulation.audit,
                   "write audit.csv and audit.json even without residency policies");
  CLI::Option& uncertainty =
      *command
           .add_option("--uncertainty", options->draws, "also run N times with drawn step times: 90 % bands")
           ->type_name("N")
           ->default_str("off")
           ->check(CLI::Range(std::uint64_t{2}, kMostDraws));
  add_jobs_option(command, options->jobs, "of these, runs at a time").needs(&uncertainty);
  command.add_flag("--json", options->json, "print summary.json instead of a table");
  command.add_flag("--print-effective", options->print_effective,
                   "print the fleet with every default, and stop");
  command.add_flag("--reference", options->simulation.run.reference,
                   "step every engine iteration: slow, same results");
  add_overlay_options(command, options->overlays);
  add_trace_options(command, options->simulation.reading);
  command.footer(
      "Example: kvsim run --fleet examples/quickstart/fleet.yaml \\\n"
      "                   --trace examples/quickstart/workload.yaml --out results");
  command.callback([options] { run(*options); });
}

}  // namespace kvsim::cli
