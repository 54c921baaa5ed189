// SPDX-License-Identifier: Apache-2.0
// What engines had done before they failed, so that a replica's counters go on when it comes back empty.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/metrics/observer.h"

namespace kvsim::sim {

class PastWork {
 public:
  void keep(std::uint32_t replica, const ReplicaSnapshot& work, const std::vector<TenantKv>& moved);

  void add_to(ReplicaSnapshot& state, std::uint32_t replica) const;
  // Of this life and those before, by tenant.
  std::vector<TenantKv> moved(std::uint32_t replica, const std::vector<TenantKv>& now) const;

 private:
  struct Past {
    ReplicaSnapshot work;
    std::vector<TenantKv> moved;
  };
  std::vector<Past> past_;  // by replica; shorter where none of the later ones has failed
};

}  // namespace kvsim::sim
