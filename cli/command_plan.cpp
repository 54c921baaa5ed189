// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <thread>

#include "base/files.h"
#include "cli/commands.h"
#include "cli/overlay_options.h"
#include "planner/kept_inputs.h"
#include "planner/output/plan_json.h"
#include "planner/output/plan_table.h"
#include "planner/output/write_plan.h"
#include "planner/progress_line.h"
#include "planner/read_problem.h"
#include "planner/what_if.h"
#include "sim/report/sweep_runs.h"

namespace kvsim::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string problem;
  std::string out;
  sim::Overlays overlays;
  std::size_t jobs = std::max(1u, std::thread::hardware_concurrency());
  bool no_what_if = false;
  bool json = false;
};

// What a data folder and overlays hold behind the fleets.
std::string data_behind(const sim::FleetInputs& inputs, const sim::Overlays& overlays) {
  std::string text = sim::contents_of(overlays);
  for (const models::PerformanceProfile& profile : inputs.profiles.profiles())
    text += models::profile_to_yaml(profile);
  return text;
}

class Planning {
 public:
  Planning(const Options& options, planner::Workers& workers)
      : options_(options), workers_(workers), started_(std::chrono::steady_clock::now()) {}

  planner::PlanState run() {
    const std::string folder = fs::absolute(options_.out).string();
    check_problem();
    const planner::KeptInputs kept = keep(folder);
    fs::current_path(fs::path(kept.root) / fs::path(kept.problem).parent_path());
    return plan(folder, kept);
  }

 private:
  // Errors name the user's own file, and those of scenarios come before the search.
  void check_problem() const {
    const sim::FleetInputs inputs = sim::load_fleet_inputs(options_.overlays);
    planner::scenarios_of(planner::load_problem(options_.problem, inputs), inputs);
  }

  planner::KeptInputs keep(const std::string& folder) const {
    if (workers_.is_first()) planner::keep_inputs(options_.problem, options_.overlays, folder);
    workers_.agree("");
    return planner::kept_inputs(folder);
  }

  planner::PlanState plan(const std::string& folder, const planner::KeptInputs& kept) {
    const sim::FleetInputs inputs = sim::load_fleet_inputs(kept.overlays);
    const planner::Problem problem =
        planner::load_problem(fs::path(kept.problem).filename().string(), inputs);
    planner::Simulations simulations(workers_, folder + "/store", data_behind(inputs, kept.overlays));
    const planner::PlanInputs from{
        inputs, simulations,
        [this](const std::string& what, const planner::Plan& plan) { tell(what, plan); }};
    planner::Plan plan;
    planner::WhatIf what_if;
    try {
      planner::make_plan(problem, from, planner::Depth::kWhole, plan);
      if (!options_.no_what_if) what_if = planner::what_if(plan, from);
    } catch (const InterruptedError&) {
      write(folder, plan, what_if);
      throw;
    }
    write(folder, plan, what_if);
    report(folder, plan, what_if, simulations);
    return plan.state;
  }

  void write(const std::string& folder, const planner::Plan& plan, const planner::WhatIf& what_if) const {
    if (workers_.is_first()) planner::write_plan(folder, plan, what_if);
  }

  // Progress for people, on stderr.
  void tell(const std::string& what, const planner::Plan& plan) const {
    if (!workers_.is_first()) return;
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - started_;
    std::cerr << fmt::format("[{:.1f} s] {}\n", passed.count(), planner::progress_line(what, plan));
  }

  void report(const std::string& folder, const planner::Plan& plan, const planner::WhatIf& what_if,
              const planner::Simulations& simulations) const {
    if (!workers_.is_first()) return;
    if (options_.json)
      planner::write_plan_json(std::cout, plan, what_if);
    else
      std::cout << planner::plan_table(plan, what_if);
    std::cerr << fmt::format("{} runs simulated, {} found in the store\nreport: {}/plan.html\n",
                             simulations.simulated(), simulations.found(), options_.out);
    (void)folder;
  }

  const Options& options_;
  planner::Workers& workers_;
  std::chrono::steady_clock::time_point started_;
};

void run(const Options& options) {
  std::unique_ptr<planner::Workers> workers = planner::mpi_workers();
  if (workers == nullptr) workers = planner::forked_workers(options.jobs);
  const planner::PlanState state = Planning(options, *workers).run();
  if (state != planner::PlanState::kFound)
    throw Error(ExitCode::kInfeasible, state == planner::PlanState::kInfeasible
                                           ? "infeasible: no fleet keeps these rules together"
                                           : "no fleet found: every one that was simulated misses a goal");
}

}  // namespace

void add_plan_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *app.add_subcommand("plan", "find the cheapest fleet that keeps SLOs, law and constraints");
  command.add_option("problem", options->problem, "problem YAML")->required();
  command.add_option("--out", options->out, "folder of the plan, and of what it has simulated")->required();
  command.add_option("--jobs", options->jobs, "runs at a time (default: one a core)")
      ->check(CLI::Range(1, 1024));
  command.add_flag("--no-what-if", options->no_what_if,
                   "leave out scenarios, prices of rules and sensitivity");
  command.add_flag("--json", options->json, "print plan.json instead of a table");
  add_overlay_options(command, options->overlays);
  command.footer("Example: kvsim plan examples/plan/problem.yaml --out plan");
  command.callback([options] { run(*options); });
}

}  // namespace kvsim::cli
