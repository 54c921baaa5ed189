// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/pool_series.h"

#include "sim/metrics/power.h"
#include "sim/metrics/quantiles.h"

namespace kvsim::sim {
namespace {

PoolSample joined(const PoolSample& earlier, PoolSample later) {
  later.width += earlier.width;
  later.samples += earlier.samples;
  later.running += earlier.running;
  later.waiting += earlier.waiting;
  later.used_blocks += earlier.used_blocks;
  later.cached_blocks += earlier.cached_blocks;
  later.total_blocks += earlier.total_blocks;
  return later;
}

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

void set_rates(SeriesPoint& point, const PoolSample& before, const PoolSample& row) {
  const double width = point.width_seconds;
  if (width <= 0) return;
  const auto rate = [width](std::uint64_t earlier, std::uint64_t later) {
    return static_cast<double>(later - earlier) / width;
  };
  point.requests_per_second = rate(before.completed, row.completed);
  point.input_tokens_per_second = rate(before.prompt_tokens, row.prompt_tokens);
  point.output_tokens_per_second = rate(before.generated_tokens, row.generated_tokens);
  point.preemptions_per_second = rate(before.preemptions, row.preemptions);
}

Activity activity(const PoolSample& before, const PoolSample& row, double replica_seconds) {
  if (replica_seconds <= 0) return {};
  return {(row.busy_seconds - before.busy_seconds) / replica_seconds,
          (row.ideal_compute_seconds - before.ideal_compute_seconds) / replica_seconds,
          (row.ideal_memory_seconds - before.ideal_memory_seconds) / replica_seconds};
}

SeriesPoint point_of(const PoolSample& before, const PoolSample& row, const PoolInfo& pool) {
  SeriesPoint point;
  point.time_seconds = to_seconds(row.time);
  point.width_seconds = to_seconds(row.width);
  point.running = ratio(row.running, row.samples);
  point.waiting = ratio(row.waiting, row.samples);
  point.kv_usage = ratio(row.used_blocks, row.total_blocks);
  point.cached_share = ratio(row.cached_blocks, row.total_blocks);
  const std::uint64_t queried = row.queried_tokens - before.queried_tokens;
  point.hit_ratio = queried == 0 ? kNotANumber : ratio(row.hit_tokens - before.hit_tokens, queried);
  set_rates(point, before, row);
  const Activity share = activity(before, row, point.width_seconds * pool.replicas);
  point.busy = share.busy;
  point.compute = share.compute;
  point.memory = share.memory;
  point.watts = pool.accelerators() * accelerator_watts(pool.idle_watts, pool.peak_watts, share);
  return point;
}

}  // namespace

void PoolSample::add(const ReplicaSnapshot& replica) {
  running += replica.running;
  waiting += replica.waiting;
  used_blocks += replica.used_blocks;
  cached_blocks += replica.cached_blocks;
  total_blocks += replica.total_blocks;
  prompt_tokens += replica.prompt_tokens;
  generated_tokens += replica.generated_tokens;
  queried_tokens += replica.queried_tokens;
  hit_tokens += replica.hit_tokens;
  preemptions += replica.preemptions;
  evicted_blocks += replica.evicted_blocks;
  busy_seconds += replica.busy_seconds;
  ideal_compute_seconds += replica.ideal_compute_seconds;
  ideal_memory_seconds += replica.ideal_memory_seconds;
}

void PoolSeries::add(const PoolSample& sample) {
  const bool doubled = rows_.size() > 1 && sample.width >= 2 * rows_.back().width;
  if (rows_.size() >= max_rows_ || doubled) merge_pairs();
  rows_.push_back(sample);
}

void PoolSeries::merge_pairs() {
  std::vector<PoolSample> merged;
  for (std::size_t i = 0; i + 1 < rows_.size(); i += 2) merged.push_back(joined(rows_[i], rows_[i + 1]));
  if (rows_.size() % 2 == 1) merged.push_back(rows_.back());
  rows_ = std::move(merged);
}

std::vector<SeriesPoint> PoolSeries::points(const PoolInfo& pool) const {
  std::vector<SeriesPoint> points;
  PoolSample before;
  for (const PoolSample& row : rows_) {
    points.push_back(point_of(before, row, pool));
    before = row;
  }
  return points;
}

}  // namespace kvsim::sim
