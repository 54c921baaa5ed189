// SPDX-License-Identifier: Apache-2.0
// Where each tenant's tokens and KV have been during a run. Whether they were allowed there is judged
// elsewhere (sim/report/audit.h).
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "sim/metrics/observer.h"

namespace kvsim::sim {

// What a pool did for a tenant. Of a request that timed out, its prompt counts as computed once it was
// admitted.
struct PoolUse {
  std::uint64_t requests = 0;         // sent there
  std::uint64_t received_tokens = 0;  // their prompts
  std::uint64_t returned_tokens = 0;  // their answers
  std::uint64_t computed_tokens = 0;  // prompts without hits and pulls, recomputed ones, answers
  std::uint64_t held_tokens = 0;      // whose KV was in GPU memory
};

class DataLedger final : public Observer {
 public:
  explicit DataLedger(std::vector<std::uint32_t> pool_of_replica)
      : pool_of_replica_(std::move(pool_of_replica)) {}

  void on_group(std::uint32_t, const Group& group) override { groups_.push_back(group); }
  void on_finished(const RequestRecord& record) override;
  void on_tenant_kv(std::uint32_t replica, const std::vector<TenantKv>& moved) override;

  struct Place {
    std::uint32_t tenant = 0, pool = 0;  // index into the source's names; of the fleet
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  struct HandOver {
    std::uint32_t tenant = 0, prefill = 0, decode = 0;  // pools
    friend auto operator<=>(const HandOver&, const HandOver&) = default;
  };
  const std::map<Place, PoolUse>& uses() const { return uses_; }
  const std::map<Place, TenantKv>& moved() const { return moved_; }
  const std::map<HandOver, std::uint64_t>& pulled_tokens() const { return pulled_; }
  const std::map<std::uint32_t, std::uint64_t>& without_route() const { return without_route_; }  // by tenant

 private:
  void add_prefill(const RequestRecord& record, std::uint32_t tenant);

  std::vector<std::uint32_t> pool_of_replica_;
  std::vector<Group> groups_;
  std::map<Place, PoolUse> uses_;
  std::map<Place, TenantKv> moved_;
  std::map<HandOver, std::uint64_t> pulled_;
  std::map<std::uint32_t, std::uint64_t> without_route_;
};

}  // namespace kvsim::sim
