// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/recorder.h"

#include <algorithm>

namespace kvsim::sim {
namespace {

Tally tally_of(const RequestRecord& record) {
  Tally tally;
  tally.requests = 1;
  tally.input_tokens = record.input_tokens;
  tally.output_tokens = record.output_tokens;
  tally.preemptions = record.preemptions;
  tally.recomputed_tokens = record.recomputed_tokens;
  if (record.scheduled == kNever) return tally;
  tally.looked_up_tokens = record.input_tokens;
  tally.hit_tokens = record.hit_tokens;
  tally.host_hit_tokens = record.host_hit_tokens;
  tally.storage_hit_tokens = record.storage_hit_tokens;
  if (record.first_token == kNever) return tally;
  const Nanoseconds started = std::clamp(record.scheduled, record.queued, record.first_token);
  tally.before_queue = record.queued - record.arrival;
  tally.load = std::clamp<Nanoseconds>(record.load_wait, 0, started - record.queued);
  tally.queue = started - record.queued - tally.load;
  tally.prefill = record.first_token - started;
  tally.decode = record.finished - record.first_token;
  return tally;
}

RequestRow row_of(const RequestRecord& record, std::uint32_t key) {
  RequestRow row;
  row.arrival = record.arrival;
  row.schedule_delay = record.arrival - record.intended;
  if (record.first_token != kNever) row.ttft = record.first_token - record.arrival;
  row.e2e = record.finished - record.arrival;
  if (record.scheduled != kNever) row.queue = record.scheduled - record.queued;
  row.load_wait = record.load_wait;
  row.input_tokens = record.input_tokens;
  row.output_tokens = record.output_tokens;
  row.key = key;
  return row;
}

std::vector<std::uint32_t> pools_by_replica(const std::vector<PoolInfo>& pools) {
  std::vector<std::uint32_t> result;
  for (std::uint32_t pool = 0; pool < pools.size(); ++pool)
    result.insert(result.end(), pools[pool].replicas, pool);
  return result;
}

std::vector<FittedUse> fitted_uses(const std::vector<PoolInfo>& pools) {
  std::vector<FittedUse> uses;
  for (const PoolInfo& pool : pools) uses.emplace_back(pool.step_time.fitted);
  return uses;
}

}  // namespace

void Tally::add(const Tally& other) {
  requests += other.requests;
  input_tokens += other.input_tokens;
  output_tokens += other.output_tokens;
  looked_up_tokens += other.looked_up_tokens;
  hit_tokens += other.hit_tokens;
  host_hit_tokens += other.host_hit_tokens;
  storage_hit_tokens += other.storage_hit_tokens;
  preemptions += other.preemptions;
  recomputed_tokens += other.recomputed_tokens;
  before_queue += other.before_queue;
  queue += other.queue;
  load += other.load;
  prefill += other.prefill;
  decode += other.decode;
}

Recorder::Recorder(std::vector<PoolInfo> pools, RecorderOptions options)
    : pools_(std::move(pools)),
      options_(options),
      pool_of_replica_(pools_by_replica(pools_)),
      gaps_(pools_.size()),
      series_(pools_.size(), PoolSeries(options.max_rows)),
      tiers_(options.max_rows),
      routing_(pool_of_replica_),
      availability_(pool_of_replica_),
      fitted_use_(fitted_uses(pools_)),
      traffic_(pools_.size()),
      completed_(pools_.size()) {}

std::uint32_t Recorder::key_index(const TallyKey& key) {
  const auto [entry, is_new] = index_of_key_.emplace(key, static_cast<std::uint32_t>(keys_.size()));
  if (is_new) {
    keys_.push_back(key);
    tallies_.emplace_back();
  }
  return entry->second;
}

void Recorder::on_arrival(Nanoseconds /*time*/, std::uint32_t /*group*/) { ++in_flight_; }

void Recorder::on_finished(const RequestRecord& record) {
  TallyKey key{static_cast<std::uint32_t>(pools_.size()), record.group, record.stage, record.status};
  if (reached_a_replica(record)) key.pool = record.pool;
  const std::uint32_t index = key_index(key);
  tallies_[index].add(tally_of(record));
  rows_.push_back(row_of(record, index));
  if (record.status == RequestStatus::kCompleted) ++completed_[record.pool];
  routing_.on_finished(record);
  --in_flight_;
  if (!options_.staged) return;
  open_stages_.insert(record.stage);
  if (in_flight_ == 0) close_drained_stages();
}

// All gaps since the last empty moment belong to one stage where it drained before the next began. Gaps of
// stages that overlap are not told apart, so that these have none.
void Recorder::close_drained_stages() {
  if (open_stages_.size() > 1) overlapping_.insert(open_stages_.begin(), open_stages_.end());
  for (const std::int32_t stage : open_stages_) {
    if (overlapping_.contains(stage))
      stage_gaps_.erase(stage);
    else
      stage_gaps_[stage].merge(open_stage_gaps_);
  }
  open_stage_gaps_ = {};
  open_stages_.clear();
}

void Recorder::on_steps(const StepRun& run) {
  routing_.on_steps(run);
  fitted_use_[pool_of_replica_[run.replica]].on_steps(run);
}

void Recorder::on_gaps(const TokenGaps& gaps) {
  std::vector<GapHistogram>& by_group = gaps_[pool_of_replica_[gaps.replica]];
  if (gaps.group >= by_group.size()) by_group.resize(gaps.group + 1);
  by_group[gaps.group].add(gaps.seconds, gaps.first_step, gaps.last_step, gaps.sequences);
  if (options_.staged) open_stage_gaps_.add(gaps.seconds, gaps.first_step, gaps.last_step, gaps.sequences);
}

void Recorder::on_sample(Nanoseconds time, Nanoseconds width, const ReplicaSnapshot* replicas,
                         std::uint32_t count) {
  std::vector<PoolSample> samples(pools_.size());
  traffic_.assign(pools_.size(), {});
  for (std::uint32_t replica = 0; replica < count; ++replica) {
    samples[pool_of_replica_[replica]].add(replicas[replica]);
    traffic_[pool_of_replica_[replica]].add(replicas[replica]);
  }
  for (std::uint32_t pool = 0; pool < pools_.size(); ++pool) {
    samples[pool].time = time;
    samples[pool].width = width;
    samples[pool].samples = 1;
    samples[pool].completed = completed_[pool];
    series_[pool].add(samples[pool]);
  }
}

}  // namespace kvsim::sim
