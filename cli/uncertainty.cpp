// SPDX-License-Identifier: Apache-2.0
#include "cli/uncertainty.h"

#include <fmt/format.h>

#include "base/answer_folder.h"
#include "base/files.h"
#include "base/processes.h"
#include "base/progress.h"
#include "sim/report/results_folder.h"
#include "sim/report/uncertainty.h"

namespace kvsim::cli {
namespace {

// Figures alone: no files, no progress.
sim::Simulation bare(const sim::Simulation& simulation) {
  sim::Simulation bare;
  bare.trace = simulation.trace;
  bare.reading = simulation.reading;
  bare.run.seed = simulation.run.seed;
  bare.run.reference = simulation.run.reference;
  return bare;
}

std::string file_of(const AnswerFolder& folder, std::size_t index) {
  return fmt::format("{}/{}.json", folder.path(), index);
}

void simulate_draw(const DrawnRuns& runs, std::uint64_t index, const std::string& file) {
  const sim::FleetInputs inputs = sim::drawn_inputs(runs.inputs, {runs.simulation.run.seed, index});
  const sim::Fleet fleet = sim::load_fleet(runs.fleet, inputs, runs.overrides);
  const sim::Summary summary = sim::simulate_to_summary(fleet, bare(runs.simulation));
  write_file(file, [&summary](std::ostream& out) { sim::write_summary_json(out, summary); });
}

std::vector<Failure> simulate_all(const DrawnRuns& runs, const AnswerFolder& folder) {
  ProgressBar bar("drawing");
  return run_in_processes(
      runs.draws, runs.jobs, [&](std::size_t i) { simulate_draw(runs, i, file_of(folder, i)); },
      [&](std::size_t ended) {
        bar.update(static_cast<double>(ended) / static_cast<double>(runs.draws),
                   fmt::format("{} of {} draws", ended, runs.draws));
      });
}

}  // namespace

void add_uncertainty(const DrawnRuns& runs, sim::Summary& best) {
  const AnswerFolder folder;
  const std::vector<Failure> ends = simulate_all(runs, folder);
  std::vector<std::shared_ptr<const Node>> answers;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const bool is_refused = ends[i].code == ExitCode::kBadInput;
    if (ends[i].code != ExitCode::kOk && !is_refused) throw Error(ends[i].code, ends[i].message);
    if (!is_refused) answers.push_back(load_json(file_of(folder, i)).root);
  }
  if (answers.empty()) throw Error(ends.front().code, ends.front().message);
  sim::add_bands(best, answers, ends.size() - answers.size());
}

}  // namespace kvsim::cli
