// SPDX-License-Identifier: Apache-2.0
#include "planner/run_plan.h"

#include <cstdlib>
#include <filesystem>
#include <map>

#include "base/answer_folder.h"
#include "base/files.h"
#include "planner/output/write_plan.h"
#include "planner/read_problem.h"
#include "planner/what_if.h"

namespace kvsim::planner {
namespace {

namespace fs = std::filesystem;

void write(const std::string& folder, const PlanRun& run, const Workers& workers) {
  if (workers.is_first()) write_plan(folder, run.plan, run.what_if);
}

// Digests of what a plan says, by path; what it rests on is left out.
std::map<std::string, std::uint64_t> outputs_of(const fs::path& folder) {
  std::map<std::string, std::uint64_t> digests;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = fs::relative(entry.path(), folder).string();
    const bool is_input = path.starts_with("inputs") || path.starts_with("store");
    if (entry.is_regular_file() && !is_input) digests[path] = digest_file(entry.path().string());
  }
  return digests;
}

}  // namespace

PlanRun run_plan(const KeptInputs& kept, const std::string& folder, Workers& workers, const PlanTold& told) {
  fs::current_path(kept.root);
  const sim::FleetInputs inputs = sim::load_fleet_inputs(kept.overlays);
  const Problem problem = load_problem(kept.problem, inputs);
  Simulations simulations(workers, folder + "/store", data_behind(inputs, kept.overlays));
  const PlanInputs from{inputs, simulations, told};
  PlanRun run;
  try {
    make_plan(problem, from, Depth::kWhole, run.plan);
    if (kept.with_what_if) run.what_if = what_if(run.plan, from);
  } catch (const InterruptedError&) {
    write(folder, run, workers);
    throw;
  }
  run.simulated = simulations.simulated();
  run.found = simulations.found();
  write(folder, run, workers);
  return run;
}

std::vector<std::string> differences_when_run_again(const std::string& folder, Workers& workers,
                                                    const PlanTold& told) {
  const fs::path before = fs::absolute(folder);
  const KeptInputs kept = kept_inputs(folder);
  setenv("KVSIM_DATA_DIR", kept_data(folder).c_str(), 1);
  const AnswerFolder again;
  run_plan(kept, again.path(), workers, told);
  const auto was = outputs_of(before), is = outputs_of(again.path());
  std::vector<std::string> names;
  for (const auto& [path, digest] : was)
    if (!is.contains(path) || is.at(path) != digest) names.push_back(path);
  for (const auto& [path, digest] : is)
    if (!was.contains(path)) names.push_back(path);
  return names;
}

}  // namespace kvsim::planner
