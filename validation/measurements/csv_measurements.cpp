// SPDX-License-Identifier: Apache-2.0
// Our own CSV files: one row a stage of a run, or one row a step of an engine.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "validation/measurements/csv_table.h"
#include "validation/measurements/figure_list.h"
#include "validation/measurements/formats.h"

namespace kvsim::validation {
namespace {

constexpr std::int64_t kLargestStage = 100'000;

class StageReader {
 public:
  StageReader(const MeasuredFile& file, Problems& problems)
      : file_(file.path), problems_(problems), table_(file.text, file.path, problems) {}

  std::vector<Measurements> read() {
    for (const CsvTable::Row& row : table_.rows()) {
      const auto index = parse_integer(table_.text(row, "stage"));
      const std::string name = table_.text(row, "run_id");
      if (name.empty() || !index || *index < 0 || *index > kLargestStage) {
        problems_.add({file_, row.line}, name.empty() ? "run_id" : "stage", "missing, or no whole number",
                      "give the run's name and the stage's number, from 0");
        continue;
      }
      add(run_named(name), row, static_cast<std::uint32_t>(*index));
    }
    return std::move(runs_);
  }

 private:
  Measurements& run_named(const std::string& name) {
    const auto known =
        std::find_if(runs_.begin(), runs_.end(), [&](const auto& run) { return run.name == name; });
    if (known != runs_.end()) return *known;
    runs_.emplace_back().name = name;
    return runs_.back();
  }

  void add(Measurements& run, const CsvTable::Row& row, std::uint32_t index) {
    const bool taken = std::any_of(run.stages.begin(), run.stages.end(),
                                   [&](const MeasuredStage& stage) { return stage.index == index; });
    if (taken)
      problems_.add({file_, row.line}, "stage",
                    fmt::format("stage {} of {} stands here a second time", index, run.name),
                    "keep one of them");
    const std::string remark = table_.text(row, "note");
    if (!remark.empty()) note(run, remark);
    note(run, "inter-token latencies and retokenised counts are not read");
    run.stages.push_back(stage_of(row, index));
    add_figures(run.stages.back(), row, {run, index});
  }

  MeasuredStage stage_of(const CsvTable::Row& row, std::uint32_t index) {
    MeasuredStage stage;
    stage.index = index;
    stage.requested_rate = table_.number(row, "requested_rate_qps");
    stage.duration_seconds = table_.number(row, "wall_s");
    stage.requests = table_.number(row, "n_requests");
    stage.successes = table_.number(row, "successes");
    stage.failures = table_.number(row, "failures");
    stage.prompt_tokens_mean = table_.number(row, "prompt_len_mean");
    stage.output_tokens_mean = table_.number(row, "output_tokens_configured");
    stage.warm_up = table_.text(row, "is_warmup") == "yes";
    return stage;
  }

  void add_figures(const MeasuredStage& stage, const CsvTable::Row& row, FigureList figures) {
    figures.add("completed", stage.successes);
    figures.add("failed", stage.failures);
    figures.add("requests_per_second", table_.number(row, "requests_per_s"));
    figures.add("input_tokens_per_second", table_.number(row, "input_tok_per_s"));
    figures.add("output_tokens_per_second", table_.number(row, "output_tok_per_s_true"));
    for (const auto& [metric, prefix] : {std::pair{"ttft_seconds", "ttft_s_"},
                                         {"tpot_seconds", "tpot_s_"},
                                         {"ntpot_seconds", "ntpot_s_"},
                                         {"e2e_seconds", "e2e_s_"},
                                         {"schedule_delay_seconds", "sched_delay_s_"}})
      for (const std::string& statistic : statistics())
        figures.add(metric, statistic, table_.number(row, prefix + statistic));
  }

  std::string file_;
  Problems& problems_;
  CsvTable table_;
  std::vector<Measurements> runs_;
};

}  // namespace

std::vector<Measurements> read_stage_csv(const MeasuredFile& file, Problems& problems) {
  return StageReader(file, problems).read();
}

Measurements read_step_csv(const MeasuredFile& file, Problems& problems) {
  Measurements run;
  try {
    run.steps = models::parse_step_samples(file.text, file.path);
  } catch (const InputError& error) {
    for (const Problem& problem : error.problems())
      problems.add(problem.where, problem.path, problem.message, problem.remedy);
  }
  note(run, fmt::format("{} rows of step data: for kvsim calibrate", run.steps.size()));
  return run;
}

}  // namespace kvsim::validation
