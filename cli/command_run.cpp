// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include "base/files.h"
#include "base/json_writer.h"
#include "base/progress.h"
#include "cli/commands.h"
#include "cli/overlay_options.h"
#include "cli/set_options.h"
#include "cli/trace_options.h"
#include "sim/cluster/simulation.h"
#include "sim/metrics/observer_list.h"
#include "sim/report/requests_csv.h"
#include "sim/report/results_folder.h"
#include "sim/report/run_summary.h"
#include "sim/report/summary_json.h"
#include "sim/report/timeline.h"
#include "sim/scenario/load_fleet.h"
#include "traces/open_source.h"

namespace kvsim::cli {
namespace {

struct Options {
  std::string fleet;
  std::string trace;
  std::string out;
  std::vector<std::string> settings;
  traces::TraceOptions reading;
  sim::Overlays overlays;
  sim::RunOptions run;
  bool requests_csv = false;
  bool timeline = false;
  bool json = false;
  bool print_effective = false;
};

// Observers that write while the run goes on.
struct Streams {
  std::optional<sim::RequestsCsv> requests;
  std::optional<sim::Timeline> timeline;

  Streams(const Options& options, const sim::Fleet& fleet, const traces::Source& source) {
    if (options.requests_csv) requests.emplace(options.out + "/requests.csv", fleet, source.names());
    if (options.timeline) timeline.emplace(options.out + "/timeline.json", sim::pool_infos(fleet));
  }
  std::vector<sim::Observer*> observers() {
    std::vector<sim::Observer*> list;
    if (requests) list.push_back(&*requests);
    if (timeline) list.push_back(&*timeline);
    return list;
  }
  // A file of an earlier run that this one does not write would contradict its summary.
  void commit(const std::string& folder) {
    if (requests) requests->commit();
    if (timeline) timeline->commit();
    if (folder.empty()) return;
    if (!requests) std::filesystem::remove(folder + "/requests.csv");
    if (!timeline) std::filesystem::remove(folder + "/timeline.json");
  }
};

sim::Performance performance_since(std::chrono::steady_clock::time_point start) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  return {wall.count(), static_cast<std::uint64_t>(usage.ru_maxrss) * 1024};
}

sim::Summary simulate_to_summary(Options& options, const sim::Fleet& fleet) {
  const auto start = std::chrono::steady_clock::now();
  options.reading.seed = options.run.seed;
  const std::unique_ptr<traces::Source> source = traces::open_source(options.trace, options.reading);
  sim::Recorder recorder = sim::make_recorder(fleet, *source);
  Streams streams(options, fleet, *source);
  std::vector<sim::Observer*> observers = streams.observers();
  observers.insert(observers.begin(), &recorder);
  sim::ObserverList all(observers);
  ProgressBar bar("simulating");
  options.run.progress = [&](double fraction, Nanoseconds now) {
    bar.update(fraction, std::to_string(now / kNanosecondsPerSecond) + " s simulated");
  };
  const sim::RunTotals totals = sim::simulate(fleet, *source, all, options.run);
  streams.commit(options.out);
  sim::RunInputs inputs{options.trace, options.run.seed, {}, performance_since(start)};
  inputs.digests = {{"fleet", fleet.digest},
                    {"trace", traces::source_digest(options.trace, options.reading)}};
  return sim::run_summary(fleet, *source, recorder, totals, inputs);
}

void print(const Options& options, const sim::Summary& summary) {
  if (options.json) {
    JsonWriter json(std::cout);
    sim::add_summary(json, summary);
    return;
  }
  std::cout << sim::results_table(summary);
}

void run(Options& options) {
  const ScenarioOverrides overrides = scenario_overrides(options.settings);
  options.reading.overrides = overrides.workload;
  const sim::Fleet fleet =
      sim::load_fleet(options.fleet, sim::load_fleet_inputs(options.overlays), overrides.fleet);
  if (options.print_effective) {
    std::cout << sim::effective_yaml(fleet);
    return;
  }
  if (options.trace.empty())
    throw UsageError("--trace is missing: a trace file, a workload YAML or an inference-perf YAML");
  if (options.out.empty() && (options.requests_csv || options.timeline))
    throw UsageError("--requests and --timeline need a folder: --out");
  if (!options.out.empty()) sim::check_results_folder(options.out);
  const sim::Summary summary = simulate_to_summary(options, fleet);
  if (!options.out.empty()) sim::write_results(options.out, summary);
  print(options, summary);
  if (!options.out.empty()) std::cerr << "report: " << options.out << "/run.html\n";
}

}  // namespace

void add_run_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("run", "simulate a workload on a fleet");
  command.add_option("--fleet", options->fleet, "fleet YAML")->required();
  command.add_option("--trace", options->trace, "trace file, workload YAML, or inference-perf YAML");
  command.add_option("--out", options->out,
                     "folder for summary.json, run.html, timeseries.csv (default: none)");
  add_set_option(command, options->settings,
                 "put a value into the fleet, or with workload.PATH into the workload");
  command.add_option("--seed", options->run.seed, "of every random stream (default: 1)")->check(whole_number);
  command.add_flag("--requests", options->requests_csv, "also write requests.csv, a row a request");
  command.add_flag("--timeline", options->timeline, "also write timeline.json for ui.perfetto.dev");
  command.add_flag("--json", options->json, "print summary.json instead of a table");
  command.add_flag("--print-effective", options->print_effective,
                   "print the fleet with every default, and stop");
  command.add_flag("--reference", options->run.reference, "step every engine iteration: slow, same results");
  add_overlay_options(command, options->overlays);
  add_trace_options(command, options->reading);
  command.footer(
      "Example: kvsim run --fleet examples/quickstart/fleet.yaml \\\n"
      "                   --trace examples/quickstart/workload.yaml --out results");
  command.callback([options] { run(*options); });
}

}  // namespace kvsim::cli
