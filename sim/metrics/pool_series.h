// SPDX-License-Identifier: Apache-2.0
// A pool over time, with a bounded number of rows.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "sim/metrics/bounded_rows.h"
#include "sim/metrics/observer.h"
#include "sim/metrics/pool_info.h"
#include "sim/metrics/quantiles.h"

namespace kvsim::sim {

// Gauges are summed over replicas and samples; counters are totals over replicas since the start.
struct PoolSample {
  Nanoseconds time = 0;
  Nanoseconds width = 0;
  std::uint64_t samples = 0;
  std::uint64_t running = 0;
  std::uint64_t waiting = 0;
  std::uint64_t used_blocks = 0;
  std::uint64_t cached_blocks = 0;
  std::uint64_t total_blocks = 0;
  double host_used_bytes = 0;
  double host_capacity_bytes = 0;
  std::uint64_t prompt_tokens = 0;
  std::uint64_t generated_tokens = 0;
  std::uint64_t queried_tokens = 0;
  std::uint64_t hit_tokens = 0;  // in the GPU's cache
  std::uint64_t host_hit_tokens = 0;
  std::uint64_t storage_hit_tokens = 0;
  std::uint64_t preemptions = 0;
  std::uint64_t completed = 0;
  double busy_seconds = 0;
  double ideal_compute_seconds = 0;
  double ideal_memory_seconds = 0;

  void add(const ReplicaSnapshot& replica);
  void absorb(const PoolSample& earlier);
};

// One row of a time series: gauges are means over the row, rates are over its width.
struct SeriesPoint {
  double time_seconds = 0;  // end of the row
  double width_seconds = 0;
  double running = 0;
  double waiting = 0;
  double kv_usage = 0;              // used / total blocks
  double cached_share = 0;          // blocks that hold cached content / total blocks
  double host_usage = kNotANumber;  // used / capacity bytes of the host tier; NaN without one
  double requests_per_second = 0;
  double input_tokens_per_second = 0;  // computed by prefill
  double output_tokens_per_second = 0;
  double hit_ratio = kNotANumber;  // over all tiers; NaN where nothing was looked up
  double gpu_hit_ratio = kNotANumber;
  double host_hit_ratio = kNotANumber;
  double storage_hit_ratio = kNotANumber;
  double preemptions_per_second = 0;
  double busy = 0;  // shares of the pool's replica time
  double compute = 0;
  double memory = 0;
  double watts = 0;  // of the whole pool
};

class PoolSeries {
 public:
  explicit PoolSeries(std::uint32_t max_rows = 1024) : rows_(max_rows) {}
  void add(const PoolSample& sample) { rows_.add(sample); }
  const std::vector<PoolSample>& rows() const { return rows_.all(); }
  PoolSample last() const { return rows().empty() ? PoolSample{} : rows().back(); }
  std::vector<SeriesPoint> points(const PoolInfo& pool) const;

 private:
  BoundedRows<PoolSample> rows_;
};

}  // namespace kvsim::sim
