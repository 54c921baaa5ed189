// SPDX-License-Identifier: Apache-2.0
#include "sim/report/exports/engine_scrapes.h"

#include <algorithm>
#include <limits>

#include "sim/cluster/directory.h"

namespace kvsim::sim {
namespace {

using Value = EngineValue;

constexpr std::size_t kNoCell = std::numeric_limits<std::size_t>::max();

const EngineMetric* metric_of(const ScrapedPool& pool, Value value) {
  for (const EngineMetric& metric : pool.metrics)
    if (metric.value == value) return &metric;
  return nullptr;
}

std::size_t bucket_of(const EngineMetric& metric, double amount) {
  const auto bound = std::lower_bound(metric.bounds.begin(), metric.bounds.end(), amount);
  return static_cast<std::size_t>(bound - metric.bounds.begin());
}

ScrapedPool scraped(const Pool& pool) {
  ScrapedPool result{pool.served_model_name.empty() ? pool.model.name : pool.served_model_name,
                     pool.name,
                     pool.site,
                     {},
                     {},
                     0};
  result.metrics = engine_metrics({pool.engine.version, pool.engine.max_model_len, pool.kv_blocks + 1,
                                   pool.engine.block_size_tokens, pool.tiers.any()});
  result.offsets.fill(kNoCell);
  for (const EngineMetric& metric : result.metrics) {
    result.offsets[static_cast<std::size_t>(metric.value)] = result.cells;
    result.cells += metric.cells();
  }
  return result;
}

std::vector<ScrapedPool> scraped_pools(const Fleet& fleet) {
  std::vector<ScrapedPool> pools;
  for (const Pool& pool : fleet.pools) pools.push_back(scraped(pool));
  return pools;
}

std::vector<ScrapedEngine> scraped_engines(const Fleet& fleet, const std::vector<ScrapedPool>& pools) {
  const Directory directory(fleet);
  std::vector<ScrapedEngine> engines;
  std::size_t cell = 0;
  for (std::uint32_t i = 0; i < directory.replicas(); ++i) {
    const std::uint32_t pool = directory.pool_index(i);
    engines.push_back({pool, directory.index_in_pool(i), cell, directory.one_way(i)});
    cell += pools[pool].cells;
  }
  return engines;
}

std::vector<bool> gauges(const std::vector<ScrapedPool>& pools, const std::vector<ScrapedEngine>& engines) {
  std::vector<bool> flags;
  for (const ScrapedEngine& engine : engines)
    for (const EngineMetric& metric : pools[engine.pool].metrics)
      flags.insert(flags.end(), metric.cells(), metric.type == MetricType::kGauge);
  return flags;
}

// The last of steps first .. last whose gap is at most `bound`, which the first's is.
std::uint64_t last_step_within(const models::Line& seconds, std::uint64_t first, std::uint64_t last,
                               double bound) {
  while (first < last) {
    const std::uint64_t middle = first + (last - first + 1) / 2;
    if (seconds.at(middle) <= bound)
      first = middle;
    else
      last = middle - 1;
  }
  return first;
}

}  // namespace

struct EngineScrapes::Life {
  Nanoseconds arrival = 0;  // at the engine's front end
  Nanoseconds queued = 0;
  Nanoseconds scheduled = kNever;
  Nanoseconds first_token = kNever;
  Nanoseconds ended = 0;
  Value reason = Value::kStopped;
  std::uint32_t input_tokens = 0;
  std::uint32_t output_tokens = 0;
};

EngineScrapes::EngineScrapes(const Fleet& fleet, std::size_t max_values)
    : fleet_(fleet.name),
      pools_(scraped_pools(fleet)),
      engines_(scraped_engines(fleet, pools_)),
      is_up_(engines_.size(), true),
      before_(engines_.size()),
      rows_(gauges(pools_, engines_), max_values) {
  for (const ScrapedEngine& engine : engines_) rows_.now(cell(engine, Value::kConfig)) = 1;
  rows_.close(0);
}

std::size_t EngineScrapes::cell(const ScrapedEngine& engine, Value value) const {
  return engine.first_cell + pools_[engine.pool].offsets[static_cast<std::size_t>(value)];
}

bool EngineScrapes::has(const ScrapedEngine& engine, Value value) const {
  return pools_[engine.pool].offsets[static_cast<std::size_t>(value)] != kNoCell;
}

bool EngineScrapes::answers(const ScrapedEngine& engine, const ScrapedRow& row) const {
  return row.cells[cell(engine, Value::kConfig)] > 0;
}

void EngineScrapes::count(const ScrapedEngine& engine, Value value, Nanoseconds time, double increase) {
  if (has(engine, value)) rows_.add(cell(engine, value), time, increase);
}

void EngineScrapes::observe(const ScrapedEngine& engine, Value value, Nanoseconds time, double amount) {
  const EngineMetric* metric = metric_of(pools_[engine.pool], value);
  if (metric == nullptr) return;
  const std::size_t first = cell(engine, value);
  rows_.add(first + bucket_of(*metric, amount), time, 1);
  rows_.add(first + metric->cells() - 1, time, amount);
}

void EngineScrapes::observe_seconds(const ScrapedEngine& engine, Value value, Nanoseconds from,
                                    Nanoseconds to, Nanoseconds time) {
  observe(engine, value, time, to_seconds(std::max<Nanoseconds>(0, to - from)));
}

void EngineScrapes::add_life(const ScrapedEngine& engine, const Life& life) {
  if (life.first_token != kNever) {
    count(engine, Value::kPromptTokens, life.first_token, life.input_tokens);
    observe_seconds(engine, Value::kTtft, life.arrival, life.first_token, life.first_token);
  }
  count(engine, life.reason, life.ended, 1);
  if (life.reason == Value::kAborted) return;
  const Nanoseconds started =
      std::clamp(life.scheduled, life.queued, std::max(life.queued, life.first_token));
  observe_seconds(engine, Value::kE2e, life.arrival, life.ended, life.ended);
  observe_seconds(engine, Value::kQueue, life.queued, started, life.ended);
  observe_seconds(engine, Value::kPrefill, started, life.first_token, life.ended);
  observe_seconds(engine, Value::kDecode, life.first_token, life.ended, life.ended);
  observe(engine, Value::kPromptLength, life.ended, life.input_tokens);
  observe(engine, Value::kOutputLength, life.ended, life.output_tokens);
  if (life.output_tokens > 1)
    observe(engine, Value::kTpot, life.ended,
            to_seconds(life.ended - life.first_token) / (life.output_tokens - 1));
}

void EngineScrapes::on_finished(const RequestRecord& record) {
  if (record.prefill_replica && record.prefill_ended != kNever)
    add_life(engines_[*record.prefill_replica],
             {record.prefill_queued, record.prefill_queued, record.prefill_scheduled, record.prefill_ended,
              record.prefill_ended, Value::kLength, record.input_tokens, 1});
  if (!reached_a_replica(record) || record.status == RequestStatus::kLost) return;
  const bool is_completed = record.status == RequestStatus::kCompleted;
  const ScrapedEngine& engine = engines_[record.replica];
  Life life{record.queued,       record.queued,       record.scheduled,
            record.first_token,  record.finished,     is_completed ? Value::kStopped : Value::kAborted,
            record.input_tokens, record.output_tokens};
  if (!record.prefill_replica && record.routed != kNever)
    life.arrival = std::min(record.queued, record.routed + engine.one_way);
  if (life.first_token != kNever) life.first_token -= engine.one_way;
  life.ended += is_completed ? -engine.one_way : engine.one_way;
  add_life(engine, life);
}

void EngineScrapes::on_gaps(const TokenGaps& gaps) {
  const ScrapedEngine& engine = engines_[gaps.replica];
  const EngineMetric& metric = *metric_of(pools_[engine.pool], Value::kInterToken);
  const std::size_t first_cell = cell(engine, Value::kInterToken);
  for (std::uint64_t step = gaps.first_step; step <= gaps.last_step;) {
    const std::size_t bucket = bucket_of(metric, gaps.seconds.at(step));
    const bool is_last = bucket == metric.bounds.size();
    const std::uint64_t end =
        is_last ? gaps.last_step
                : last_step_within(gaps.seconds, step, gaps.last_step, metric.bounds[bucket]);
    rows_.now(first_cell + bucket) += static_cast<double>((end - step + 1) * gaps.sequences);
    step = end + 1;
  }
  rows_.now(first_cell + metric.cells() - 1) +=
      static_cast<double>(gaps.sequences) *
      (gaps.seconds.sum(gaps.last_step) - gaps.seconds.sum(gaps.first_step - 1));
}

void EngineScrapes::set_totals(const ScrapedEngine& engine, const ReplicaSnapshot& now,
                               ReplicaSnapshot& before) {
  const auto grow = [&](Value value, std::uint64_t then, std::uint64_t total) {
    if (has(engine, value)) rows_.now(cell(engine, value)) += static_cast<double>(total - then);
  };
  grow(Value::kGenerationTokens, before.generated_tokens, now.generated_tokens);
  grow(Value::kPrefixQueries, before.queried_tokens, now.queried_tokens);
  grow(Value::kPrefixHits, before.hit_tokens, now.hit_tokens);
  grow(Value::kExternalQueries, before.queried_tokens, now.queried_tokens);
  grow(Value::kExternalHits, before.tiers.host_hit_tokens + before.tiers.storage_hit_tokens,
       now.tiers.host_hit_tokens + now.tiers.storage_hit_tokens);
  grow(Value::kPreemptions, before.preemptions, now.preemptions);
  before = now;
}

void EngineScrapes::on_sample(Nanoseconds time, Nanoseconds /*width*/, const ReplicaSnapshot* replicas,
                              std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const ScrapedEngine& engine = engines_[i];
    const ReplicaSnapshot& replica = replicas[i];
    rows_.now(cell(engine, Value::kConfig)) = is_up_[i] ? 1 : 0;
    rows_.now(cell(engine, Value::kRunning)) = static_cast<double>(replica.running);
    rows_.now(cell(engine, Value::kWaiting)) = static_cast<double>(replica.waiting);
    rows_.now(cell(engine, Value::kKvUsage)) =
        replica.total_blocks == 0
            ? 0
            : static_cast<double>(replica.used_blocks) / static_cast<double>(replica.total_blocks);
    set_totals(engine, replica, before_[i]);
  }
  rows_.close(time);
}

void EngineScrapes::on_replica(Nanoseconds /*time*/, std::uint32_t replica, ReplicaState state) {
  is_up_[replica] = state == ReplicaState::kUp || state == ReplicaState::kDraining;
}

}  // namespace kvsim::sim
