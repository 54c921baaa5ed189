// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/stage_summary.h"

#include <algorithm>
#include <map>

namespace kvsim::sim {
namespace {

struct StageRows {
  std::vector<const RequestRow*> all;
  std::vector<const RequestRow*> successes;
  std::vector<const RequestRow*> failures;
  Nanoseconds first = kNever;
  Nanoseconds last = 0;
  Nanoseconds end = 0;
};

using RowsByStage = std::map<std::int32_t, StageRows>;

// All rows as those of stage 0, or each with its own.
RowsByStage rows_by_stage(const Recorder& recorder, bool as_one = false) {
  RowsByStage stages;
  for (std::size_t i = 0; i < recorder.rows().size(); ++i) {
    const RequestRow& row = recorder.rows()[i];
    const TallyKey& key = recorder.keys()[row.key];
    StageRows& stage = stages[as_one ? 0 : key.stage];
    stage.all.push_back(&row);
    (key.status == RequestStatus::kCompleted ? stage.successes : stage.failures).push_back(&row);
    stage.first = std::min(stage.first, row.arrival);
    stage.last = std::max(stage.last, row.arrival);
    stage.end = std::max(stage.end, row.arrival + row.e2e);
  }
  return stages;
}

template <class Value>
Statistics statistics_of(const std::vector<const RequestRow*>& rows, double unit, Value value) {
  std::vector<double> values;
  for (const RequestRow* row : rows) values.push_back(value(*row));
  return statistics(values, unit);
}

double e2e(const RequestRow& row) { return static_cast<double>(row.e2e); }
double input(const RequestRow& row) { return row.input_tokens; }
double ttft(const RequestRow& row) { return static_cast<double>(row.ttft); }
double decode(const RequestRow& row) { return static_cast<double>(row.e2e - row.ttft); }

void set_token_times(StageSummary& summary, const std::vector<const RequestRow*>& successes,
                     const GapHistogram& gaps) {
  std::vector<const RequestRow*> streamed;  // two tokens and more
  double gap_count = 0;
  double gap_sum = 0;
  for (const RequestRow* row : successes) {
    if (row->output_tokens < 2) continue;
    streamed.push_back(row);
    gap_count += row->output_tokens - 1;
    gap_sum += decode(*row);
  }
  summary.time_per_output_token = statistics_of(
      streamed, 1e9, [](const RequestRow& row) { return decode(row) / (row.output_tokens - 1); });
  summary.time_to_first_token = statistics_of(streamed, 1e9, ttft);
  summary.inter_token_latency = gaps.statistics(gap_sum / gap_count / 1e9);
}

void set_throughput(StageSummary& summary, const StageRows& rows) {
  const double seconds = to_seconds(rows.end - rows.first);
  if (seconds <= 0) return;
  double inputs = 0;
  double outputs = 0;
  for (const RequestRow* row : rows.successes) {
    inputs += row->input_tokens;
    outputs += row->output_tokens;
  }
  summary.throughput = {static_cast<double>(rows.successes.size()) / seconds, inputs / seconds,
                        outputs / seconds};
}

void set_load(StageSummary& summary, const StageRows& rows) {
  summary.requests = rows.all.size();
  summary.send_seconds = to_seconds(rows.last - rows.first);
  if (summary.send_seconds > 0)
    summary.achieved_rate = static_cast<double>(rows.all.size()) / summary.send_seconds;
  summary.schedule_delay = statistics_of(
      rows.all, 1e9, [](const RequestRow& row) { return static_cast<double>(row.schedule_delay); });
}

StageSummary summary_of(const StageInfo& info, const StageRows& rows, const GapHistogram& gaps) {
  StageSummary summary;
  summary.info = info;
  set_load(summary, rows);
  summary.successes = rows.successes.size();
  summary.request_latency = statistics_of(rows.successes, 1e9, e2e);
  summary.normalized_time_per_output_token =
      statistics_of(rows.successes, 1e9, [](const RequestRow& row) { return e2e(row) / row.output_tokens; });
  set_token_times(summary, rows.successes, gaps);
  set_throughput(summary, rows);
  summary.prompt_len = statistics_of(rows.successes, 1, input);
  summary.output_len =
      statistics_of(rows.successes, 1, [](const RequestRow& row) { return double(row.output_tokens); });
  summary.failures = rows.failures.size();
  summary.failed_request_latency = statistics_of(rows.failures, 1e9, e2e);
  summary.failed_prompt_len = statistics_of(rows.failures, 1, input);
  return summary;
}

GapHistogram all_gaps(const Recorder& recorder) {
  GapHistogram all;
  for (const std::vector<GapHistogram>& by_group : recorder.gaps())
    for (const GapHistogram& gaps : by_group) all.merge(gaps);
  return all;
}

LoadFigures figures_of(const StageInfo& info, const StageRows& rows, const GapHistogram& gaps) {
  return {summary_of(info, rows, gaps), false, statistics_of(rows.successes, 1e9, ttft), rows.first,
          rows.end};
}

}  // namespace

std::vector<LoadFigures> load_figures(const Recorder& recorder, const std::vector<StageInfo>& stages) {
  const RowsByStage rows = rows_by_stage(recorder, stages.empty());
  if (stages.empty() && !rows.empty()) {
    LoadFigures run = figures_of({}, rows.at(0), all_gaps(recorder));
    run.is_whole_run = true;
    return {run};
  }
  std::vector<LoadFigures> result;
  for (const StageInfo& info : stages) {
    const auto found = rows.find(info.index);
    const auto gaps = recorder.stage_gaps().find(info.index);
    if (found == rows.end())
      result.emplace_back().stage.info = info;
    else
      result.push_back(figures_of(info, found->second,
                                  gaps == recorder.stage_gaps().end() ? GapHistogram() : gaps->second));
  }
  return result;
}

std::vector<StageSummary> stage_summaries(const Recorder& recorder, const RunFacts& facts) {
  if (facts.stages.empty()) return {};
  std::vector<StageSummary> stages;
  for (LoadFigures& load : load_figures(recorder, facts.stages)) stages.push_back(std::move(load.stage));
  return stages;
}

}  // namespace kvsim::sim
