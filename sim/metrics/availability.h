// SPDX-License-Identifier: Apache-2.0
// How long replicas served, how often they did not, and what requests that cost, where a fleet has outages.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/metrics/observer.h"
#include "sim/metrics/pool_info.h"

namespace kvsim::sim {

struct AvailabilityPart {  // of a pool, or of a site's pools
  std::string name;
  double replica_seconds = 0;
  double up_seconds = 0;       // of these; a replica that is drained is up until it goes down
  std::uint64_t outages = 0;   // times that a replica went down, whatever the reason
  std::uint64_t lost = 0;      // requests, each time that one was lost
  std::uint64_t retried = 0;   // of these: sent again
  double up_fraction() const;  // NaN: no time has passed
};

struct Downtime {  // some replica of a pool did not serve
  std::uint32_t pool = 0;
  double from_seconds = 0;  // since the start of the run, as in time series
  double to_seconds = 0;
};

struct Availability {
  std::vector<AvailabilityPart> pools;
  std::vector<Downtime> downtimes;  // pool after pool, in order; breaks under a 500th of the run are not told
  std::vector<AvailabilityPart> sites;  // of these pools, in their order
  AvailabilityPart fleet;
};

class AvailabilityUse {
 public:
  explicit AvailabilityUse(std::vector<std::uint32_t> pool_of_replica);

  void on_replica(Nanoseconds time, std::uint32_t replica, ReplicaState state);
  void on_lost(std::uint32_t replica, bool sent_again);

  // From `begin` to `end`; what happened before counts as well, but for the time.
  Availability summary(const std::vector<PoolInfo>& pools, Nanoseconds begin, Nanoseconds end) const;

 private:
  std::vector<Downtime> downtimes(std::size_t pools, Nanoseconds begin, Nanoseconds end) const;

  struct Down {
    std::uint32_t replica = 0;
    Nanoseconds from = 0;
    Nanoseconds to = kNever;
  };
  struct Losses {
    std::uint64_t lost = 0;
    std::uint64_t retried = 0;
  };
  std::vector<std::uint32_t> pool_of_replica_;
  std::vector<Down> downs_;             // in the order in which they began
  std::vector<std::int64_t> open_;      // by replica: its place among these while it is down, or -1
  std::vector<std::uint64_t> outages_;  // by replica
  std::vector<Losses> losses_;          // by replica
};

}  // namespace kvsim::sim
