// SPDX-License-Identifier: Apache-2.0
// Collects what the summary needs while the simulation runs: a row for each request, integer tallies,
// histograms of gaps between tokens, and a bounded time series for each pool, for storage and for links.
// 1,000,000 requests take under 70 MB.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "sim/metrics/availability.h"
#include "sim/metrics/fitted_use.h"
#include "sim/metrics/gap_histogram.h"
#include "sim/metrics/kv_traffic.h"
#include "sim/metrics/observer.h"
#include "sim/metrics/pool_info.h"
#include "sim/metrics/pool_series.h"
#include "sim/metrics/request_rows.h"
#include "sim/metrics/routing_use.h"
#include "sim/metrics/tier_series.h"

namespace kvsim::sim {

// What requests are counted by. `pool` is the number of pools where a request reached none.
struct TallyKey {
  std::uint32_t pool = 0;
  std::uint32_t group = 0;
  std::int32_t stage = -1;
  RequestStatus status = RequestStatus::kCompleted;
  friend auto operator<=>(const TallyKey&, const TallyKey&) = default;
};

// Whole numbers only: they add up to the same in any order.
struct Tally {
  std::uint64_t requests = 0;
  std::uint64_t input_tokens = 0;
  std::uint64_t output_tokens = 0;
  std::uint64_t looked_up_tokens = 0;  // prompts of requests that were admitted
  std::uint64_t hit_tokens = 0;        // in the GPU's cache
  std::uint64_t host_hit_tokens = 0;
  std::uint64_t storage_hit_tokens = 0;
  std::uint64_t preemptions = 0;
  std::uint64_t recomputed_tokens = 0;
  // Of requests that got a first token: from arrival to the queue, in the queue, there waiting for loads, to
  // the first token, to the end.
  Nanoseconds before_queue = 0;
  Nanoseconds queue = 0;
  Nanoseconds load = 0;
  Nanoseconds prefill = 0;
  Nanoseconds decode = 0;

  void add(const Tally& other);
};

struct RecorderOptions {
  bool staged = false;            // also keep gaps by load stage
  std::uint32_t max_rows = 1024;  // of each time series
};

class Recorder : public Observer {
 public:
  explicit Recorder(std::vector<PoolInfo> pools, RecorderOptions options = {});

  void on_arrival(Nanoseconds time, std::uint32_t group) override;
  void on_finished(const RequestRecord& record) override;
  void on_routed(const RoutingRecord& record) override { routing_.on_routed(record); }
  void on_steps(const StepRun& run) override;
  void on_gaps(const TokenGaps& gaps) override;
  void on_sample(Nanoseconds time, Nanoseconds width, const ReplicaSnapshot* replicas,
                 std::uint32_t count) override;

  void on_replica(Nanoseconds time, std::uint32_t replica, ReplicaState state) override {
    availability_.on_replica(time, replica, state);
  }
  void on_lost(Nanoseconds /*time*/, std::uint32_t replica, bool sent_again) override {
    availability_.on_lost(replica, sent_again);
  }
  void on_links(const std::vector<LinkInfo>& links) override { tiers_.set_links(links); }
  void on_tiers(const TierSample& sample) override { tiers_.add(sample); }

  const std::vector<PoolInfo>& pools() const { return pools_; }
  const RequestRows& rows() const { return rows_; }
  const std::vector<TallyKey>& keys() const { return keys_; }                   // of rows()[i].key
  const std::vector<Tally>& tallies() const { return tallies_; }                // by key
  const std::vector<std::vector<GapHistogram>>& gaps() const { return gaps_; }  // by pool, then group
  const std::map<std::int32_t, GapHistogram>& stage_gaps() const { return stage_gaps_; }
  const PoolSeries& series(std::uint32_t pool) const { return series_[pool]; }
  const FittedUse& fitted_use(std::uint32_t pool) const { return fitted_use_[pool]; }
  const KvTraffic& traffic(std::uint32_t pool) const { return traffic_[pool]; }  // at the last sample
  const TierSeries& tiers() const { return tiers_; }
  const AvailabilityUse& availability() const { return availability_; }
  RoutingSummary routing() const { return routing_.summary(pools_.size()); }
  double busy_seconds(std::uint32_t pool) const { return to_seconds(routing_.busy(pool)); }

 private:
  std::uint32_t key_index(const TallyKey& key);
  void close_drained_stages();

  std::vector<PoolInfo> pools_;
  RecorderOptions options_;
  std::vector<std::uint32_t> pool_of_replica_;
  RequestRows rows_;
  std::vector<TallyKey> keys_;
  std::vector<Tally> tallies_;
  std::map<TallyKey, std::uint32_t> index_of_key_;
  std::vector<std::vector<GapHistogram>> gaps_;
  std::map<std::int32_t, GapHistogram> stage_gaps_;
  GapHistogram open_stage_gaps_;        // since the last empty moment,
  std::set<std::int32_t> open_stages_;  // whose stages these are
  std::set<std::int32_t> overlapping_;
  std::uint64_t in_flight_ = 0;
  std::vector<PoolSeries> series_;
  TierSeries tiers_;
  RoutingUse routing_;
  AvailabilityUse availability_;
  std::vector<FittedUse> fitted_use_;     // by pool
  std::vector<KvTraffic> traffic_;        // by pool
  std::vector<std::uint64_t> completed_;  // by pool
};

}  // namespace kvsim::sim
