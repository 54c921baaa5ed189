// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "base/answer_folder.h"
#include "base/files.h"
#include "cli/commands.h"
#include "cli/compare_fleets.h"
#include "cli/jobs_option.h"
#include "cli/overlay_options.h"
#include "cli/set_options.h"
#include "cli/trace_options.h"
#include "sim/report/compare.h"
#include "sim/report/results_folder.h"

namespace kvsim::cli {
namespace {

struct Options {
  std::vector<std::string> folders;
  std::vector<std::string> fleets;
  FleetPair pair;
  std::vector<std::string> by;
  std::string out;
  bool all = false;
  bool json = false;
};

using Sides = std::pair<sim::ComparedSide, sim::ComparedSide>;

Sides read_folders(const std::vector<std::string>& folders) {
  Problems problems;
  const auto read = [&problems](const std::string& place) {
    return sim::read_side(place, sim::summaries_in(place, problems), problems);
  };
  sim::ComparedSide a = read(folders[0]);
  sim::ComparedSide b = read(folders[1]);
  problems.throw_if_any();
  return {std::move(a), std::move(b)};
}

Sides simulate_fleets(Options& options) {
  options.pair.a = options.fleets[0];
  options.pair.b = options.fleets[1];
  if (!options.out.empty()) return simulate_pair(options.pair, options.out);
  const AnswerFolder folder;
  return simulate_pair(options.pair, folder.path());
}

void check(const Options& options) {
  const bool simulates = !options.fleets.empty();
  if (simulates == !options.folders.empty() || (simulates ? options.fleets : options.folders).size() != 2)
    throw UsageError("give two results to compare: two folders, or --fleet twice with --trace");
  if (simulates && options.pair.simulation.trace.empty())
    throw UsageError("--trace is missing: a trace file, a workload YAML or an inference-perf YAML");
  for (const std::string& folder : options.folders)
    if (folder.ends_with(".yaml") || folder.ends_with(".yml"))
      throw UsageError(
          folder +
          ": is no results folder; to simulate and compare two fleets, give --fleet twice, with --trace");
  if (!options.out.empty()) sim::check_results_folder(options.out);
}

void write(const Options& options, const sim::Comparison& comparison) {
  if (!options.out.empty()) {
    write_file(options.out + "/compare.json", [&](std::ostream& out) {
      JsonWriter json(out);
      sim::add_comparison(json, comparison);
    });
    write_file(options.out + "/compare.html",
               [&](std::ostream& out) { sim::write_compare_html(out, comparison); });
    std::cerr << "report: " << options.out << "/compare.html\n";
  }
  if (options.json) {
    JsonWriter json(std::cout);
    sim::add_comparison(json, comparison);
  } else {
    std::cout << sim::compare_table(comparison, options.all);
  }
  for (const std::string& note : comparison.notes) std::cerr << "note: " << note << "\n";
}

void compare(Options& options) {
  check(options);
  const auto [a, b] = options.fleets.empty() ? read_folders(options.folders) : simulate_fleets(options);
  write(options, sim::compare(a, b, options.by));
}

// What only two fleets that are to be simulated need.
void add_fleet_options(CLI::App& command, Options& options) {
  FleetPair& pair = options.pair;
  CLI::Option& fleets =
      *command.add_option("--fleet", options.fleets, "fleet YAML, twice: a, then b; both are simulated")
           ->type_name("FILE")
           ->default_str("none")
           ->allow_extra_args(false);
  command
      .add_option("--trace", pair.simulation.trace, "trace, workload YAML, or inference-perf YAML, for both")
      ->type_name("FILE")
      ->default_str("none")
      ->needs(&fleets);
  add_set_option(command, pair.settings, "put a value into both fleets, or as workload.PATH there");
  command.get_option("--set")->needs(&fleets);
  command.add_option("--seed", pair.simulation.run.seed, "first seed")
      ->type_name("N")
      ->capture_default_str()
      ->check(whole_number)
      ->needs(&fleets);
  command.add_option("--seeds", pair.seeds, "seeds for each fleet")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000))
      ->needs(&fleets);
  add_jobs_option(command, pair.jobs).needs(&fleets);
  add_overlay_options(command, pair.overlays);
  add_trace_options(command, pair.simulation.reading);
}

}  // namespace

void add_compare_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *app.add_subcommand("compare", "what changed between two results, and how sure that is");
  command
      .add_option("folders", options->folders,
                  "results folders a and b: of a run, of runs, of one sweep point")
      ->type_name("FOLDER")
      ->default_str("none");
  add_fleet_options(command, *options);
  command.add_option("--by", options->by, "also by these; several with commas")
      ->type_name("WHAT")
      ->default_str("none")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"pool", "model", "tenant", "class"}));
  command.add_option("--out", options->out, "folder for compare.json and compare.html")
      ->type_name("FOLDER")
      ->default_str("none");
  command.add_flag("--all", options->all, "print all figures, not only those that differ");
  command.add_flag("--json", options->json, "print JSON instead of a table");
  command.footer(
      "Example: kvsim compare --fleet examples/kv-tiers/gpu-only/fleet.yaml \\\n"
      "                       --fleet examples/kv-tiers/host/fleet.yaml \\\n"
      "                       --trace examples/kv-tiers/workload.yaml --seeds 2 --out compared");
  command.callback([options] { compare(*options); });
}

}  // namespace kvsim::cli
