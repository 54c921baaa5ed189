// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/slo.h"

#include <algorithm>
#include <map>
#include <string>

namespace kvsim::sim {
namespace {

constexpr Nanoseconds kHour = 3600 * kNanosecondsPerSecond;

struct Count {
  std::uint64_t offered = 0;
  std::uint64_t met = 0;
  double share() const {
    return offered == 0 ? kNotANumber : static_cast<double>(met) / static_cast<double>(offered);
  }
};

struct ClassCount {
  Count all;
  std::uint64_t completed = 0;
  std::uint64_t good_tokens = 0;
  std::map<Nanoseconds, Count> by_hour;
  const std::vector<Objective>* objectives = nullptr;
};

double value_of(const RequestRow& row, SloMetric metric) {
  switch (metric) {
    case SloMetric::kTtft:
      return to_seconds(row.ttft);
    case SloMetric::kTpot:
      return row.output_tokens < 2 ? 0 : to_seconds(row.e2e - row.ttft) / (row.output_tokens - 1);
    case SloMetric::kE2e:
      break;
  }
  return to_seconds(row.e2e);
}

Nanoseconds last_hour(const Recorder& recorder, Nanoseconds first_arrival) {
  Nanoseconds last = first_arrival;
  for (std::size_t i = 0; i < recorder.rows().size(); ++i) last = std::max(last, recorder.rows()[i].arrival);
  return std::max<Nanoseconds>(1, (last - first_arrival) / kHour) - 1;
}

void count(ClassCount& counted, const RequestRow& row, RequestStatus status, Nanoseconds hour) {
  Count& in_hour = counted.by_hour[hour];
  ++counted.all.offered;
  ++in_hour.offered;
  counted.completed += status == RequestStatus::kCompleted ? 1 : 0;
  if (!meets(row, status, *counted.objectives)) return;
  ++counted.all.met;
  ++in_hour.met;
  counted.good_tokens += static_cast<std::uint64_t>(row.input_tokens) + row.output_tokens;
}

SloSummary summary_of(const std::string& name, const ClassCount& counted, double duration_seconds) {
  SloSummary summary;
  summary.slo_class = name;
  summary.objectives = *counted.objectives;
  summary.offered = counted.all.offered;
  summary.met = counted.all.met;
  summary.attainment = counted.all.share();
  summary.attainment_of_completed = Count{counted.completed, counted.all.met}.share();
  summary.worst_hour_attainment = 1;
  for (const auto& [hour, in_hour] : counted.by_hour)
    summary.worst_hour_attainment = std::min(summary.worst_hour_attainment, in_hour.share());
  if (duration_seconds <= 0) return summary;
  summary.goodput_requests_per_second = static_cast<double>(counted.all.met) / duration_seconds;
  summary.goodput_tokens_per_second = static_cast<double>(counted.good_tokens) / duration_seconds;
  return summary;
}

}  // namespace

const std::vector<Objective>* objectives_of(const RunFacts& facts, std::uint32_t group) {
  const std::uint32_t slo_class = facts.groups[group].slo_class;
  if (slo_class >= facts.objectives.size() || facts.objectives[slo_class].empty()) return nullptr;
  return &facts.objectives[slo_class];
}

bool meets(const RequestRow& row, RequestStatus status, const std::vector<Objective>& objectives) {
  return status == RequestStatus::kCompleted &&
         std::all_of(objectives.begin(), objectives.end(), [&row](const Objective& objective) {
           return value_of(row, objective.metric) <= objective.limit_seconds;
         });
}

std::vector<SloSummary> slo_summaries(const Recorder& recorder, const RunFacts& facts,
                                      double duration_seconds) {
  std::map<std::string, ClassCount> by_name;
  const Nanoseconds last = last_hour(recorder, facts.first_arrival);
  for (std::size_t i = 0; i < recorder.rows().size(); ++i) {
    const RequestRow& row = recorder.rows()[i];
    const TallyKey& key = recorder.keys()[row.key];
    const std::vector<Objective>* objectives = objectives_of(facts, key.group);
    if (objectives == nullptr) continue;
    ClassCount& counted = by_name[facts.labels.slo_classes[facts.groups[key.group].slo_class]];
    counted.objectives = objectives;
    count(counted, row, key.status, std::min(last, (row.arrival - facts.first_arrival) / kHour));
  }
  std::vector<SloSummary> result;
  for (const auto& [name, counted] : by_name) result.push_back(summary_of(name, counted, duration_seconds));
  return result;
}

}  // namespace kvsim::sim
