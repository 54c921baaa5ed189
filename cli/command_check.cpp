// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "base/answer_folder.h"
#include "cli/commands.h"
#include "cli/jobs_option.h"
#include "cli/overlay_options.h"
#include "planner/check_fleet.h"
#include "planner/output/verdict_table.h"
#include "planner/read_problem.h"

namespace kvsim::cli {
namespace {

struct Options {
  std::string fleet;
  std::string problem;
  sim::Overlays overlays;
  std::size_t jobs = 1;
  bool json = false;
};

void run(const Options& options) {
  const sim::FleetInputs inputs = sim::load_fleet_inputs(options.overlays);
  const planner::Problem problem = planner::load_problem(options.problem, inputs);
  const std::unique_ptr<planner::Workers> workers = planner::forked_workers(options.jobs);
  const AnswerFolder store;
  planner::Simulations simulations(*workers, store.path(), planner::data_behind(inputs, options.overlays));
  const planner::FleetVerdict verdict = planner::check_fleet(problem, options.fleet, inputs, simulations);
  if (options.json)
    planner::write_verdict_json(std::cout, problem, verdict);
  else
    std::cout << planner::verdict_table(problem, verdict);
  if (!verdict.passes()) throw Error(ExitCode::kInfeasible, "the fleet does not keep everything");
}

}  // namespace

void add_check_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *app.add_subcommand("check", "hold a fleet against a problem: what it breaks, what it costs");
  command.add_option("fleet", options->fleet, "fleet YAML")->type_name("FILE")->required();
  command.add_option("problem", options->problem, "problem YAML")->type_name("FILE")->required();
  add_jobs_option(command, options->jobs);
  command.add_flag("--json", options->json, "print JSON instead of a table");
  add_overlay_options(command, options->overlays);
  command.footer("Example: kvsim check plan/fleet.yaml examples/plan/first/problem.yaml");
  command.callback([options] { run(*options); });
}

}  // namespace kvsim::cli
