// SPDX-License-Identifier: Apache-2.0
#include "sim/metrics/pool_series.h"

#include "sim/metrics/power.h"

namespace kvsim::sim {
namespace {

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::uint64_t hits_of(const PoolSample& row) {
  return row.hit_tokens + row.host_hit_tokens + row.storage_hit_tokens;
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

void set_hits(SeriesPoint& point, const PoolSample& before, const PoolSample& row) {
  const std::uint64_t queried = row.queried_tokens - before.queried_tokens;
  if (queried == 0) return;
  point.gpu_hit_ratio = ratio(row.hit_tokens - before.hit_tokens, queried);
  point.host_hit_ratio = ratio(row.host_hit_tokens - before.host_hit_tokens, queried);
  point.storage_hit_ratio = ratio(row.storage_hit_tokens - before.storage_hit_tokens, queried);
  point.hit_ratio = ratio(hits_of(row) - hits_of(before), queried);
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
  if (row.host_capacity_bytes > 0) point.host_usage = row.host_used_bytes / row.host_capacity_bytes;
  set_hits(point, before, row);
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
  host_used_bytes += static_cast<double>(replica.tiers.host_used_bytes);
  host_capacity_bytes += static_cast<double>(replica.tiers.host_capacity_bytes);
  prompt_tokens += replica.prompt_tokens;
  generated_tokens += replica.generated_tokens;
  queried_tokens += replica.queried_tokens;
  hit_tokens += replica.hit_tokens;
  host_hit_tokens += replica.tiers.host_hit_tokens;
  storage_hit_tokens += replica.tiers.storage_hit_tokens;
  preemptions += replica.preemptions;
  busy_seconds += replica.busy_seconds;
  ideal_compute_seconds += replica.ideal_compute_seconds;
  ideal_memory_seconds += replica.ideal_memory_seconds;
}

void PoolSample::absorb(const PoolSample& earlier) {
  width += earlier.width;
  samples += earlier.samples;
  running += earlier.running;
  waiting += earlier.waiting;
  used_blocks += earlier.used_blocks;
  cached_blocks += earlier.cached_blocks;
  total_blocks += earlier.total_blocks;
  host_used_bytes += earlier.host_used_bytes;
  host_capacity_bytes += earlier.host_capacity_bytes;
}

std::vector<SeriesPoint> PoolSeries::points(const PoolInfo& pool) const {
  std::vector<SeriesPoint> points;
  PoolSample before;
  for (const PoolSample& row : rows()) {
    points.push_back(point_of(before, row, pool));
    before = row;
  }
  return points;
}

}  // namespace kvsim::sim
