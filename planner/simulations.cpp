// SPDX-License-Identifier: Apache-2.0
#include "planner/simulations.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "base/files.h"
#include "base/progress.h"
#include "sim/report/results_folder.h"
#include "sim/report/simulate_run.h"
#include "traces/open_source.h"

namespace kvsim::planner {
std::string data_behind(const sim::FleetInputs& inputs, const sim::Overlays& overlays) {
  std::string text = sim::contents_of(overlays);
  for (const models::PerformanceProfile& profile : inputs.profiles.profiles())
    text += models::profile_to_yaml(profile);
  return hex64(digest(text));
}

Simulations::Simulations(Workers& workers, std::string store, std::string data)
    : workers_(workers), store_(std::move(store)), data_(std::move(data)) {}

sim::SweepRun Simulations::key_of(const WantedRun& run) {
  const auto [content, is_new] = traces_.emplace(run.trace, 0);
  if (is_new) content->second = traces::content_digest(run.trace);
  const std::string behind = sim::digest_behind(*run.fleet, data_) + run.said + std::to_string(run.stop_at);
  return {run.fleet->digest, traces::source_digest(run.trace, run.reading, content->second), behind,
          run.reading.seed};
}

RunAnswer Simulations::kept(const WantedRun& run) {
  const sim::SweepRun key = key_of(run);
  return {sim::kept_summary(store_, key), sim::run_digest(key), {}};
}

// Each run once. Of all processes' stores, the first one's counts: they must agree on what is simulated.
std::vector<std::size_t> Simulations::missing(const std::vector<RunAnswer>& answers) {
  std::string list;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i].summary == nullptr && seen.insert(answers[i].digest).second)
      list += std::to_string(i) + ' ';
  std::vector<std::size_t> indices;
  std::istringstream agreed(workers_.agree(list));
  for (std::size_t i = 0; agreed >> i;) indices.push_back(i);
  return indices;
}

std::string Simulations::simulate(const WantedRun& run, const std::string& digest) const {
  sim::Simulation simulation;
  simulation.trace = run.trace;
  simulation.reading = run.reading;
  simulation.run.seed = run.reading.seed;
  simulation.run.stop_at = run.stop_at;
  simulation.run.max_samples = 64;
  const sim::Summary summary = sim::simulate_to_summary(*run.fleet, simulation);
  std::ostringstream text;
  sim::write_summary_json(text, summary);
  write_file(sim::summary_file(store_, digest), text.str());
  return text.str();
}

std::vector<Answer> Simulations::simulate(const std::vector<WantedRun>& wanted,
                                          const std::vector<RunAnswer>& answers,
                                          const std::vector<std::size_t>& tasks, const std::string& what) {
  ProgressBar bar(what, workers_.is_first());
  const auto simulate_one = [&](std::size_t i) {
    return simulate(wanted[tasks[i]], answers[tasks[i]].digest);
  };
  return workers_.run(tasks.size(), simulate_one, [&](std::size_t ended) {
    bar.update(static_cast<double>(ended) / static_cast<double>(std::max<std::size_t>(1, tasks.size())),
               fmt::format("{} of {} runs", ended, tasks.size()));
  });
}

std::vector<RunAnswer> Simulations::run(const std::vector<WantedRun>& wanted, const std::string& what) {
  std::vector<RunAnswer> answers;
  for (const WantedRun& run : wanted) answers.push_back(kept(run));
  const std::vector<std::size_t> tasks = missing(answers);
  const std::vector<Answer> done = simulate(wanted, answers, tasks, what);
  std::map<std::string, RunAnswer> simulated;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const std::string& digest = answers[tasks[i]].digest;
    const bool ran = done[i].failure.code == ExitCode::kOk;
    simulated[digest] = {ran ? parse_json(done[i].text, digest).root : nullptr, digest, done[i].failure};
  }
  simulated_ += tasks.size();
  found_ += wanted.size() - tasks.size();
  for (RunAnswer& answer : answers) {
    if (const auto found = simulated.find(answer.digest); found != simulated.end()) answer = found->second;
    if (answer.summary == nullptr && answer.failure.code == ExitCode::kOk)
      throw Error(ExitCode::kInternal,
                  "run " + answer.digest + " is in another process's store only: share the folder");
  }
  return answers;
}

}  // namespace kvsim::planner
