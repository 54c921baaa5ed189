// SPDX-License-Identifier: Apache-2.0
// The tiers of all replicas of a run: what moves between them and from prefill to decode replicas, the
// storage systems, who deletes from these, and what observers are told of it. A fleet without tiers and roles
// has none of it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/cluster/directory.h"
#include "sim/fabric/transfers.h"
#include "sim/kv/storage_tier.h"
#include "sim/metrics/observer.h"
#include "sim/replica/replica.h"
#include "sim/scenario/fleet.h"
#include "sim/scenario/read_disaggregation.h"

namespace kvsim::sim {

class FleetTiers {
 public:
  FleetTiers(const Fleet& fleet, const Directory& directory);

  bool any() const { return transfers_ != nullptr; }
  std::optional<OffloadContext> context(std::uint32_t replica);
  std::optional<PullContext> pulls(std::uint32_t replica);  // nothing: nobody prefills for it

  Transfers& transfers() { return *transfers_; }
  // What was deleted from storage since the last call takes its share of the system's operations.
  void charge_deletions(Nanoseconds now);

  void set_storage_up(std::uint32_t system, bool up);

  // Evictors' turns and erasures, in time order.
  Nanoseconds next_upkeep() const;
  void upkeep(Nanoseconds now, const std::vector<std::string>& tenants,
              std::vector<std::unique_ptr<Replica>>& replicas);

  std::vector<LinkInfo> links() const;
  TierSample sample(Nanoseconds now, Nanoseconds width, const std::vector<ReplicaSnapshot>& snapshots,
                    std::vector<std::unique_ptr<Replica>>& replicas);

 private:
  void add_servers(TopologyInput& topology);
  void add_storage(TopologyInput& topology);
  void add_peers(TopologyInput& topology);
  bool takes_part(std::uint32_t replica) const {
    return takes_part_in_hand_over(directory_.pool_of(replica), fleet_.pools);
  }
  StorageTier* storage_of(std::uint32_t replica);
  void erase(const Erasure& erasure, Nanoseconds now, const std::vector<std::string>& tenants,
             std::vector<std::unique_ptr<Replica>>& replicas);
  StorageSnapshot snapshot_of(std::size_t system, Nanoseconds now);
  void add_oldest(TierSample& sample, const std::string& tier, std::uint32_t tenant, Nanoseconds age) const;

  const Fleet& fleet_;
  const Directory& directory_;
  JobIds ids_;
  std::vector<std::uint32_t> server_of_replica_;
  std::unique_ptr<Transfers> transfers_;
  std::vector<std::vector<std::unique_ptr<StorageTier>>> storage_;  // by system; a local one by server
  std::vector<Nanoseconds> next_look_;                              // by system; kNever: no evictor
  std::size_t erasures_done_ = 0;
};

}  // namespace kvsim::sim
