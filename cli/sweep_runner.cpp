// SPDX-License-Identifier: Apache-2.0
#include "cli/sweep_runner.h"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <set>

#include "base/files.h"
#include "base/processes.h"
#include "base/progress.h"

namespace kvsim::cli {
namespace {

using Runs = std::vector<const PlannedRun*>;

// Runs whose summaries the folder does not hold, each digest once.
Runs missing_runs(const SweepPlan& plan, const std::string& folder) {
  Runs missing;
  std::set<std::string> seen;
  for (const PlannedRun& run : plan.runs) {
    const bool is_new = seen.insert(sim::run_digest(run.identity)).second;
    if (is_new && !sim::kept_summary(folder, run.identity)) missing.push_back(&run);
  }
  std::cerr << fmt::format("{} runs, {} of them kept from before\n", seen.size(),
                           seen.size() - missing.size());
  return missing;
}

std::vector<Failure> simulate(const Runs& runs, const std::string& folder, std::size_t jobs) {
  ProgressBar bar("sweeping");
  const auto simulate_one = [&](std::size_t i) {
    const sim::Summary summary = sim::simulate_to_summary(*runs[i]->fleet, runs[i]->simulation);
    sim::keep_summary(folder, sim::run_digest(runs[i]->identity), summary);
  };
  const auto show = [&](std::size_t ended) {
    bar.update(static_cast<double>(ended) / static_cast<double>(runs.size()),
               fmt::format("{} of {} runs", ended, runs.size()));
  };
  return run_in_processes(runs.size(), jobs, simulate_one, show);
}

void keep_error(const std::string& folder, const std::string& digest, const Failure& end) {
  const std::string file = sim::run_folder(folder, digest) + "/error.txt";
  if (end.code == ExitCode::kOk)
    std::filesystem::remove(file);
  else
    write_file(file, end.message + "\n");
}

}  // namespace

SweepFailures simulate_missing(const SweepPlan& plan, const std::string& folder, std::size_t jobs) {
  const Runs missing = missing_runs(plan, folder);
  const std::vector<Failure> ends = simulate(missing, folder, jobs);
  SweepFailures failures;
  for (std::size_t i = 0; i < missing.size(); ++i) {
    const std::string digest = sim::run_digest(missing[i]->identity);
    keep_error(folder, digest, ends[i]);
    if (ends[i].code != ExitCode::kOk) failures[digest] = ends[i];
  }
  return failures;
}

sim::SweepPoint collect_point(std::span<const PlannedRun> seeds, const std::vector<std::string>& metrics,
                              const SweepFailures& failures, const std::string& folder) {
  sim::SweepPoint point;
  std::vector<std::shared_ptr<const Node>> summaries;
  for (const PlannedRun& run : seeds) {
    point.runs.push_back(sim::run_digest(run.identity));
    summaries.push_back(sim::kept_summary(folder, run.identity));
    const auto failed = failures.find(point.runs.back());
    if (failed != failures.end() && point.error.empty()) point.error = failed->second.message;
  }
  for (const std::string& metric : metrics) {
    std::vector<std::optional<double>> values;
    for (const auto& summary : summaries)
      values.push_back(summary ? sim::metric_of(*summary, metric) : std::nullopt);
    point.figures.push_back(sim::figure_over(values));
  }
  return point;
}

void throw_first(const SweepPlan& plan, const SweepFailures& failures) {
  for (const PlannedRun& run : plan.runs) {
    const std::string digest = sim::run_digest(run.identity);
    const auto failed = failures.find(digest);
    if (failed == failures.end()) continue;
    throw Error(failed->second.code, fmt::format("{} runs failed; the first of them, points/{}:\n{}",
                                                 failures.size(), digest, failed->second.message));
  }
}

}  // namespace kvsim::cli
