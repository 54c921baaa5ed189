// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/group_summary.h"

#include <algorithm>
#include <map>

#include "sim/metrics/exact_sum.h"
#include "sim/metrics/slo.h"

namespace kvsim::sim {
namespace {

using Rows = std::vector<std::uint32_t>;

int bucket_of(const Recorder& recorder, const Partition& partition, const RequestRow& row) {
  const TallyKey& key = recorder.keys()[row.key];
  return partition.bucket(key.pool, key.group);
}

// Rows of completed requests by bucket.
std::vector<Rows> completed_rows(const Recorder& recorder, const Partition& partition) {
  std::vector<int> bucket_of_key;
  for (const TallyKey& key : recorder.keys())
    bucket_of_key.push_back(key.status == RequestStatus::kCompleted ? partition.bucket(key.pool, key.group)
                                                                    : -1);
  std::vector<Rows> rows(partition.names.size());
  for (std::uint32_t i = 0; i < recorder.rows().size(); ++i) {
    const int bucket = bucket_of_key[recorder.rows()[i].key];
    if (bucket >= 0) rows[static_cast<std::size_t>(bucket)].push_back(i);
  }
  return rows;
}

struct Sums {
  RequestCounts counts;
  Tally completed;
  Tally all;
};

void count(RequestCounts& counts, RequestStatus status, std::uint64_t requests) {
  counts.offered += requests;
  switch (status) {
    case RequestStatus::kCompleted:
      counts.completed += requests;
      break;
    case RequestStatus::kTimedOut:
    case RequestStatus::kLost:
      counts.failed += requests;
      break;
    case RequestStatus::kRejectedTooLong:
      counts.rejected_too_long += requests;
      break;
    case RequestStatus::kRejectedNoRoute:
      counts.rejected_no_route += requests;
      break;
    case RequestStatus::kShed:
      counts.rejected_shed += requests;
      break;
    case RequestStatus::kRouterFailed:
      counts.rejected_router_failed += requests;
      break;
    case RequestStatus::kHandOverFailed:
      counts.rejected_hand_over_failed += requests;
      break;
  }
}

std::vector<Sums> sums_of(const Recorder& recorder, const Partition& partition) {
  std::vector<Sums> sums(partition.names.size());
  for (std::size_t i = 0; i < recorder.keys().size(); ++i) {
    const TallyKey& key = recorder.keys()[i];
    const int bucket = partition.bucket(key.pool, key.group);
    if (bucket < 0) continue;
    Sums& sum = sums[static_cast<std::size_t>(bucket)];
    const Tally& tally = recorder.tallies()[i];
    count(sum.counts, key.status, tally.requests);
    sum.all.add(tally);
    if (key.status == RequestStatus::kCompleted) sum.completed.add(tally);
  }
  return sums;
}

std::vector<GapHistogram> gaps_of(const Recorder& recorder, const Partition& partition) {
  std::vector<GapHistogram> gaps(partition.names.size());
  for (std::uint32_t pool = 0; pool < recorder.gaps().size(); ++pool)
    for (std::uint32_t group = 0; group < recorder.gaps()[pool].size(); ++group) {
      const int bucket = partition.bucket(pool, group);
      if (bucket >= 0) gaps[static_cast<std::size_t>(bucket)].merge(recorder.gaps()[pool][group]);
    }
  return gaps;
}

template <class Value>
std::vector<double> column(const RequestRows& all, const Rows& rows, Value value) {
  std::vector<double> values;
  values.reserve(rows.size());
  for (const std::uint32_t row : rows) values.push_back(static_cast<double>(value(all[row])));
  return values;
}

std::vector<double> ttft_column(const RequestRows& all, const Rows& rows) {
  return column(all, rows, [](const RequestRow& row) { return row.ttft; });
}

std::vector<double> e2e_column(const RequestRows& all, const Rows& rows) {
  return column(all, rows, [](const RequestRow& row) { return row.e2e; });
}

std::vector<double> tpot_column(const RequestRows& all, const Rows& rows) {
  std::vector<double> values;
  for (const std::uint32_t i : rows) {
    const RequestRow& row = all[i];
    if (row.output_tokens > 1)
      values.push_back(static_cast<double>(row.e2e - row.ttft) / (row.output_tokens - 1));
  }
  return values;
}

std::vector<double> load_wait_column(const RequestRows& all, const Rows& rows) {
  std::vector<double> values;
  for (const std::uint32_t i : rows)
    if (all[i].load_wait > 0) values.push_back(static_cast<double>(all[i].load_wait));
  return values;
}

Latency latency_of(const RequestRows& all, const Rows& rows) {
  const auto of = [](std::vector<double> values) { return distribution(values, 1e9); };
  Latency latency;
  latency.ttft = of(ttft_column(all, rows));
  latency.ttft_from_schedule =
      of(column(all, rows, [](const RequestRow& row) { return row.ttft + row.schedule_delay; }));
  latency.tpot = of(tpot_column(all, rows));
  latency.e2e = of(e2e_column(all, rows));
  latency.queue = of(column(all, rows, [](const RequestRow& row) { return row.queue; }));
  latency.load_wait = of(load_wait_column(all, rows));
  return latency;
}

double mean_seconds(Nanoseconds total, std::uint64_t count) {
  return count == 0 ? kNotANumber : static_cast<double>(total) / static_cast<double>(count) / 1e9;
}

TimeSplit time_split(const Tally& completed) {
  const auto mean = [&completed](Nanoseconds total) { return mean_seconds(total, completed.requests); };
  return {mean(completed.before_queue), mean(completed.queue), mean(completed.load), mean(completed.prefill),
          mean(completed.decode)};
}

Throughput throughput_of(const Tally& completed, double seconds) {
  if (seconds <= 0) return {};
  return {static_cast<double>(completed.requests) / seconds,
          static_cast<double>(completed.input_tokens) / seconds,
          static_cast<double>(completed.output_tokens) / seconds};
}

GroupSummary summary_of(const Sums& sums, double seconds) {
  GroupSummary summary;
  summary.requests = sums.counts;
  summary.throughput = throughput_of(sums.completed, seconds);
  summary.cache = {sums.all.looked_up_tokens, sums.all.hit_tokens, sums.all.host_hit_tokens,
                   sums.all.storage_hit_tokens};
  summary.preemptions = sums.all.preemptions;
  summary.recomputed_tokens = sums.all.recomputed_tokens;
  summary.time = time_split(sums.completed);
  return summary;
}

void set_attainment(const Recorder& recorder, const RunFacts& facts, const Partition& partition,
                    std::vector<GroupSummary>& summaries) {
  std::vector<std::uint64_t> offered(summaries.size());
  std::vector<std::uint64_t> met(summaries.size());
  for (std::size_t i = 0; i < recorder.rows().size(); ++i) {
    const RequestRow& row = recorder.rows()[i];
    const TallyKey& key = recorder.keys()[row.key];
    const std::vector<Objective>* objectives = objectives_of(facts, key.group);
    const int bucket = objectives == nullptr ? -1 : bucket_of(recorder, partition, row);
    if (bucket < 0) continue;
    ++offered[static_cast<std::size_t>(bucket)];
    met[static_cast<std::size_t>(bucket)] += meets(row, key.status, *objectives) ? 1 : 0;
  }
  for (std::size_t i = 0; i < summaries.size(); ++i)
    if (offered[i] > 0)
      summaries[i].slo_attainment = static_cast<double>(met[i]) / static_cast<double>(offered[i]);
}

}  // namespace

Partition whole() {
  return {{""}, [](std::uint32_t, std::uint32_t) { return 0; }};
}

Partition by_label(const std::vector<std::string>& labels, const std::vector<Group>& groups,
                   std::uint32_t Group::*field) {
  Partition partition;
  std::map<std::string, int> bucket_of_label;
  std::vector<int> buckets;
  for (const Group& group : groups) {
    const std::string& label = labels[group.*field];
    const auto [entry, is_new] = bucket_of_label.emplace(label, static_cast<int>(partition.names.size()));
    if (is_new) partition.names.push_back(label);
    buckets.push_back(entry->second);
  }
  partition.bucket = [buckets](std::uint32_t, std::uint32_t group) { return buckets[group]; };
  return partition;
}

Partition by_pool(const std::vector<PoolInfo>& pools) {
  Partition partition;
  for (const PoolInfo& pool : pools) partition.names.push_back(pool.name);
  const auto count = static_cast<std::uint32_t>(pools.size());
  partition.bucket = [count](std::uint32_t pool, std::uint32_t) {
    return pool < count ? static_cast<int>(pool) : -1;
  };
  return partition;
}

std::vector<GroupSummary> group_summaries(const Recorder& recorder, const RunFacts& facts,
                                          const Partition& partition, double duration_seconds,
                                          const Latency* whole_run) {
  const std::vector<Sums> sums = sums_of(recorder, partition);
  const std::vector<GapHistogram> gaps = gaps_of(recorder, partition);
  const std::vector<Rows> rows = completed_rows(recorder, partition);
  std::vector<GroupSummary> result;
  for (std::size_t i = 0; i < partition.names.size(); ++i) {
    GroupSummary summary = summary_of(sums[i], duration_seconds);
    summary.name = partition.names[i];
    const bool has_all = whole_run != nullptr && rows[i].size() == whole_run->e2e.count;
    summary.latency = has_all ? *whole_run : latency_of(recorder.rows(), rows[i]);
    const Tally& done = sums[i].completed;
    summary.latency.itl = gaps[i].distribution(mean_seconds(done.decode, done.output_tokens - done.requests));
    result.push_back(std::move(summary));
  }
  set_attainment(recorder, facts, partition, result);
  return result;
}

LatencyCurves latency_curves(const Recorder& recorder) {
  const Rows rows = completed_rows(recorder, whole())[0];
  const auto of = [](std::vector<double> values) { return cumulative(values, 1e9); };
  return {of(ttft_column(recorder.rows(), rows)), of(tpot_column(recorder.rows(), rows)),
          gaps_of(recorder, whole())[0].cumulative(), of(e2e_column(recorder.rows(), rows))};
}

double jain_index(const Recorder& recorder, const Partition& partition) {
  std::vector<Int128> stay(partition.names.size());
  for (std::size_t i = 0; i < recorder.rows().size(); ++i) {
    const RequestRow& row = recorder.rows()[i];
    stay[static_cast<std::size_t>(bucket_of(recorder, partition, row))] += row.e2e;
  }
  const std::vector<Sums> sums = sums_of(recorder, partition);
  double sum = 0;
  double squares = 0;
  double groups = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (sums[i].counts.offered == 0) continue;
    const double seconds = static_cast<double>(stay[i]) / 1e9;
    const double completed =
        static_cast<double>(sums[i].counts.completed) / static_cast<double>(sums[i].counts.offered);
    const double speed =
        seconds <= 0 ? 0 : static_cast<double>(sums[i].completed.output_tokens) / seconds * completed;
    sum += speed;
    squares += speed * speed;
    ++groups;
  }
  return squares <= 0 ? kNotANumber : sum * sum / (groups * squares);
}

}  // namespace kvsim::sim
