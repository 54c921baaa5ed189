// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/metrics/exact_sum.h"

namespace kvsim::sim {
namespace {

constexpr double kStudent99With18 = 2.552;
constexpr double kMinShareOfArrivals = 0.01;
constexpr double kMinShareOfMean = 0.2;
constexpr double kNormal99 = 2.326;
constexpr double kBeyondP99 = 0.01;
constexpr double kRampUpGrowth = 2;  // of E2E times from the first to the last tenth of the arrivals

struct Completion {
  Nanoseconds arrival;
  Nanoseconds e2e;
  Nanoseconds ttft;
  friend auto operator<=>(const Completion&, const Completion&) = default;
};

bool completed(const Recorder& recorder, const RequestRow& row) {
  return recorder.keys()[row.key].status == RequestStatus::kCompleted;
}

bool entered(RequestStatus status) {
  return status == RequestStatus::kCompleted || status == RequestStatus::kTimedOut ||
         status == RequestStatus::kLost;
}

std::vector<Completion> by_arrival(const Recorder& recorder) {
  std::vector<Completion> all;
  for (std::size_t i = 0; i < recorder.rows().size(); ++i) {
    const RequestRow& row = recorder.rows()[i];
    if (completed(recorder, row)) all.push_back({row.arrival, row.e2e, row.ttft});
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<double> column(const std::vector<Completion>& all, std::size_t from,
                           Nanoseconds Completion::*field) {
  std::vector<double> values;
  values.reserve(all.size() - from);
  for (std::size_t i = from; i < all.size(); ++i) values.push_back(static_cast<double>(all[i].*field));
  return values;
}

std::optional<Interval> in_seconds(std::optional<Interval> interval) {
  if (interval) interval = Interval{std::max(0.0, interval->low / 1e9), interval->high / 1e9};
  return interval;
}

MetricIntervals intervals(const std::vector<double>& series) {
  return {in_seconds(mean_interval(series)), in_seconds(quantile_interval(series, 0.5)),
          in_seconds(quantile_interval(series, 0.9)), in_seconds(quantile_interval(series, 0.99))};
}

// Time integral of the number in the system over each of the batches of [from, to), in request nanoseconds.
std::vector<double> batch_levels(const std::vector<Stay>& stays, Nanoseconds from, Nanoseconds to) {
  const Nanoseconds width = (to - from) / static_cast<Nanoseconds>(kBatches);
  std::vector<Int128> integrals(kBatches, 0);
  for (const Stay& stay : stays) {
    const Nanoseconds begin = std::max(stay.arrival, from);
    const Nanoseconds end = std::min(stay.end, from + width * static_cast<Nanoseconds>(kBatches));
    for (Nanoseconds at = begin; at < end;) {
      const Nanoseconds batch = (at - from) / width;
      const Nanoseconds next = std::min(end, from + (batch + 1) * width);
      integrals[static_cast<std::size_t>(batch)] += next - at;
      at = next;
    }
  }
  std::vector<double> levels;
  for (const Int128 integral : integrals)
    levels.push_back(static_cast<double>(integral) / static_cast<double>(width));
  return levels;
}

double mean_of(const std::vector<double>& values) { return exact_mean(values, 1.0); }

struct StageStays {
  std::vector<Stay> stays;
  std::vector<Completion> done;  // in order of arrival
  Nanoseconds first = kNever;
  Nanoseconds last = 0;
};

std::map<std::int32_t, StageStays> stays_by_stage(const Recorder& recorder) {
  std::map<std::int32_t, StageStays> stages;
  for (std::size_t i = 0; i < recorder.rows().size(); ++i) {
    const RequestRow& row = recorder.rows()[i];
    if (!entered(recorder.keys()[row.key].status)) continue;
    StageStays& stage = stages[recorder.keys()[row.key].stage];
    const bool done = completed(recorder, row);
    stage.stays.push_back({row.arrival, done ? row.arrival + row.e2e : kNever});
    if (done) stage.done.push_back({row.arrival, row.e2e, row.ttft});
    stage.first = std::min(stage.first, row.arrival);
    stage.last = std::max(stage.last, row.arrival);
  }
  for (auto& [index, stage] : stages) std::sort(stage.done.begin(), stage.done.end());
  return stages;
}

double median_e2e(const StageStays& stage, std::size_t from, std::size_t to) {
  std::vector<double> values;
  for (std::size_t i = from; i < to; ++i) values.push_back(static_cast<double>(stage.done[i].e2e));
  return median(std::move(values));
}

// The system fills up for about two E2E times even when it keeps up. Where that takes more than half of the
// stage, only answers that get ever slower tell a backlog from this ramp.
bool only_ramps_up(const StageStays& stage) {
  const std::size_t tenth = std::max<std::size_t>(1, stage.done.size() / 10);
  if (stage.done.empty() || stage.first == stage.last) return false;
  const double early = median_e2e(stage, 0, tenth);
  const double late = median_e2e(stage, stage.done.size() - tenth, stage.done.size());
  return 4 * late > static_cast<double>(stage.last - stage.first) && late <= kRampUpGrowth * early;
}

// A growing backlog looks like a long warm-up, so that at most a quarter is left out for it, and at most half
// for the time in which the system fills up.
Backlog backlog_of(const StageStays& stage, Nanoseconds warmup_end) {
  const Nanoseconds length = stage.last - stage.first;
  Nanoseconds from = std::clamp(warmup_end, stage.first, stage.first + length / 4);
  if (!stage.done.empty()) {
    const double two_stays = 2 * median_e2e(stage, 0, stage.done.size());
    const auto longest = static_cast<double>(length / 2);
    from = std::max(from, stage.first + static_cast<Nanoseconds>(std::min(two_stays, longest)));
  }
  return backlog(stage.stays, from, stage.last);
}

std::string stage_name(std::int32_t index) { return index < 0 ? "" : fmt::format(" in stage {}", index); }

void add_reason(Verdict& verdict, const std::string& reason) {
  verdict.reason += (verdict.reason.empty() ? "" : "; ") + reason;
}

void judge_backlog(const std::map<std::int32_t, StageStays>& stages, Nanoseconds warmup_end,
                   Verdict& verdict) {
  for (const auto& [index, stage] : stages) {
    if (only_ramps_up(stage)) continue;
    const Backlog found = backlog_of(stage, warmup_end);
    if (found.seconds > 0 && (found.grows || verdict.state != RunState::kQueueGrows))
      verdict.backlog_growth_requests_per_second = found.growth_requests / found.seconds;
    if (!found.grows) continue;
    verdict.state = RunState::kQueueGrows;
    add_reason(verdict, fmt::format("requests in the system{} grew by {:.0f} while {} arrived",
                                    stage_name(index), found.growth_requests, found.arrivals));
  }
}

void judge_ramps(const std::map<std::int32_t, StageStays>& stages, Verdict& verdict) {
  std::string names;
  for (const auto& [index, stage] : stages) {
    if (!only_ramps_up(stage)) continue;
    if (index < 0) return add_reason(verdict, "requests arrived for less than four E2E times");
    names += fmt::format("{}{}", names.empty() ? "" : ", ", index);
  }
  if (!names.empty())
    add_reason(verdict, "requests arrived for less than four E2E times in these stages: " + names);
}

void judge_length(std::size_t kept, Verdict& verdict) {
  const auto beyond = static_cast<double>(kept) * kBeyondP99;
  if (beyond < static_cast<double>(kBatches)) {
    add_reason(verdict, fmt::format("{} completed requests after the warm-up; p99 needs {}", kept,
                                    static_cast<std::size_t>(kBatches / kBeyondP99)));
  }
  if (!verdict.reason.empty()) return;
  verdict.state = RunState::kSteady;
  verdict.reason = fmt::format(
      "the number of requests in the system shows no growth; {:.0f} requests lie beyond p99", beyond);
}

void tell_rejected(const Recorder& recorder, Verdict& verdict) {
  std::size_t rejected = 0;
  for (std::size_t i = 0; i < recorder.rows().size(); ++i)
    rejected += entered(recorder.keys()[recorder.rows()[i].key].status) ? 0 : 1;
  if (rejected > 0)
    add_reason(verdict, fmt::format("{} requests were rejected and are not judged", rejected));
}

Throughput steady_throughput(const Recorder& recorder, Nanoseconds from) {
  Nanoseconds to = from;
  for (std::size_t i = 0; i < recorder.rows().size(); ++i) to = std::max(to, recorder.rows()[i].arrival);
  std::uint64_t requests = 0;
  std::uint64_t input = 0;
  std::uint64_t output = 0;
  for (std::size_t i = 0; i < recorder.rows().size(); ++i) {
    const RequestRow& row = recorder.rows()[i];
    const Nanoseconds end = row.arrival + row.e2e;
    if (!completed(recorder, row) || end <= from || end > to) continue;
    ++requests;
    input += row.input_tokens;
    output += row.output_tokens;
  }
  const double seconds = to_seconds(to - from);
  if (seconds <= 0) return {};
  return {static_cast<double>(requests) / seconds, static_cast<double>(input) / seconds,
          static_cast<double>(output) / seconds};
}

}  // namespace

Backlog backlog(const std::vector<Stay>& stays, Nanoseconds from, Nanoseconds to) {
  Backlog result;
  result.seconds = to_seconds(std::max<Nanoseconds>(0, to - from));
  for (const Stay& stay : stays) result.arrivals += stay.arrival >= from && stay.arrival < to ? 1 : 0;
  if (to - from < static_cast<Nanoseconds>(kBatches)) return result;
  const std::vector<double> levels = batch_levels(stays, from, to);
  const Trend trend = linear_trend(levels);
  result.mean_requests = mean_of(levels);
  result.growth_requests = trend.slope * static_cast<double>(kBatches);
  result.t = trend.t;
  const double chance = std::sqrt(2 * result.mean_requests);
  result.grows = trend.t > kStudent99With18 && result.growth_requests > kNormal99 * chance &&
                 result.growth_requests > kMinShareOfArrivals * static_cast<double>(result.arrivals) &&
                 result.growth_requests > kMinShareOfMean * result.mean_requests;
  return result;
}

Verdict judge(const Recorder& recorder, Nanoseconds first_arrival) {
  Verdict verdict;
  const std::vector<Completion> all = by_arrival(recorder);
  const std::size_t cut = mser5_cut(column(all, 0, &Completion::e2e));
  const Nanoseconds warmup_end = cut < all.size() ? all[cut].arrival : first_arrival;
  verdict.warmup_seconds = to_seconds(std::max<Nanoseconds>(0, warmup_end - first_arrival));
  verdict.requests_after_warmup = all.size() - cut;
  verdict.ttft = intervals(column(all, cut, &Completion::ttft));
  verdict.e2e = intervals(column(all, cut, &Completion::e2e));
  verdict.steady_throughput = steady_throughput(recorder, warmup_end);
  const std::map<std::int32_t, StageStays> stages = stays_by_stage(recorder);
  judge_backlog(stages, warmup_end, verdict);
  if (verdict.state != RunState::kQueueGrows) {
    judge_ramps(stages, verdict);
    judge_length(all.size() - cut, verdict);
  }
  tell_rejected(recorder, verdict);
  return verdict;
}

const char* to_string(RunState state) {
  switch (state) {
    case RunState::kSteady:
      return "steady";
    case RunState::kQueueGrows:
      return "queue_grows";
    case RunState::kTooShort:
      break;
  }
  return "too_short";
}

}  // namespace kvsim::sim
