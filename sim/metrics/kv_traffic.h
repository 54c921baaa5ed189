// SPDX-License-Identifier: Apache-2.0
// What replicas have moved between the tiers of their KV caches, and lost from them, until now.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/metrics/observer.h"

namespace kvsim::sim {

void add_totals(TierTotals& sum, const TierTotals& more);

struct KvTraffic {
  std::uint64_t gpu_evicted_blocks = 0;
  TierTotals tiers;

  void add(const ReplicaSnapshot& replica);
  void add(const KvTraffic& other);
};

// Blocks that storage systems lost; which pool had written them is not known.
struct StorageLosses {
  std::uint64_t evicted_blocks = 0;
  std::uint64_t expired_blocks = 0;
  std::uint64_t erased_blocks = 0;
};
StorageLosses losses_of(const std::vector<StorageSnapshot>& systems);

}  // namespace kvsim::sim
