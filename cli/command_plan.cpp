// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/jobs_option.h"
#include "cli/overlay_options.h"
#include "planner/output/plan_json.h"
#include "planner/output/plan_table.h"
#include "planner/progress_line.h"
#include "planner/read_problem.h"
#include "planner/run_plan.h"
#include "planner/what_if.h"

namespace kvsim::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string problem;
  std::string out;
  sim::Overlays overlays;
  std::size_t jobs = 1;
  bool no_what_if = false;
  bool json = false;
};

// Progress for people, on stderr.
planner::PlanTold teller(const planner::Workers& workers) {
  if (!workers.is_first()) return {};
  const auto start = std::chrono::steady_clock::now();
  return [start](const std::string& what, const planner::Plan& plan) {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    std::cerr << fmt::format("[{:.1f} s] {}\n", passed.count(), planner::progress_line(what, plan));
  };
}

std::unique_ptr<planner::Workers> workers_for(const Options& options) {
  std::unique_ptr<planner::Workers> workers = planner::mpi_workers();
  return workers != nullptr ? std::move(workers) : planner::forked_workers(options.jobs);
}

// Faults, those of scenarios too, are told of the user's own file before anything is copied.
planner::KeptInputs keep_inputs(const Options& options, planner::Workers& workers) {
  const sim::FleetInputs inputs = sim::load_fleet_inputs(options.overlays);
  planner::scenarios_of(planner::load_problem(options.problem, inputs), inputs);
  if (workers.is_first())
    planner::keep_inputs(options.problem, options.overlays, !options.no_what_if, options.out);
  workers.agree("");
  return planner::kept_inputs(options.out);
}

void print(const Options& options, const planner::PlanRun& run) {
  if (options.json)
    planner::write_plan_json(std::cout, run.plan, run.what_if);
  else
    std::cout << planner::plan_table(run.plan, run.what_if);
  std::cerr << fmt::format("{} runs simulated, {} found in the store\nreport: {}/plan.html\n", run.simulated,
                           run.found, options.out);
}

void throw_unless_found(planner::PlanState state) {
  if (state == planner::PlanState::kInfeasible)
    throw Error(ExitCode::kInfeasible, "infeasible: no fleet keeps these rules together");
  if (state == planner::PlanState::kNotFound)
    throw Error(ExitCode::kInfeasible, "no fleet found: every one that was simulated misses a goal");
}

void run(const Options& options) {
  const std::unique_ptr<planner::Workers> workers = workers_for(options);
  const std::string folder = std::filesystem::absolute(options.out).string();
  const planner::KeptInputs kept = keep_inputs(options, *workers);
  const planner::PlanRun run = planner::run_plan(kept, folder, *workers, teller(*workers));
  if (workers->is_first()) print(options, run);
  throw_unless_found(run.plan.state);
}

void reproduce(const Options& options) {
  const std::unique_ptr<planner::Workers> workers = workers_for(options);
  const std::vector<std::string> different =
      planner::differences_when_run_again(options.out, *workers, teller(*workers));
  if (!different.empty())
    throw Error(ExitCode::kBadInput,
                fmt::format("{}: comes out with other bytes: {}", options.out, join(different, ", ")));
  if (workers->is_first()) std::cout << "the same, byte for byte\n";
}

}  // namespace

void add_plan_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *app.add_subcommand("plan", "find the cheapest fleet that keeps SLOs, law and constraints");
  command.add_option("problem", options->problem, "problem YAML")->type_name("FILE")->required();
  command.add_option("--out", options->out, "folder of the plan, and of what it has simulated")
      ->type_name("FOLDER")
      ->required();
  add_jobs_option(command, options->jobs);
  command.add_flag("--no-what-if", options->no_what_if,
                   "leave out scenarios, prices of rules and sensitivity");
  command.add_flag("--json", options->json, "print plan.json instead of a table");
  add_overlay_options(command, options->overlays);
  command.footer("Example: kvsim plan examples/plan/first/problem.yaml --out plan");
  command.callback([options] { run(*options); });
}

void add_reproduce_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *app.add_subcommand("reproduce", "make a plan again from what its folder holds, and compare");
  command.add_option("plan", options->out, "folder of the plan")->type_name("FOLDER")->required();
  add_jobs_option(command, options->jobs);
  command.footer("Example: kvsim reproduce plan");
  command.callback([options] { reproduce(*options); });
}

}  // namespace kvsim::cli
