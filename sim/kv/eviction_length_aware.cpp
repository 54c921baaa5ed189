// SPDX-License-Identifier: Apache-2.0
// Deepest in its sequence first, ties by last use: a deep block serves only with all those before it and is
// hit least. Positions beyond 2^32 - 1 count as that.
#include <algorithm>
#include <limits>

#include "sim/kv/eviction_order.h"

namespace kvsim::sim {
namespace {

class LengthAwareOrder final : public EvictionOrder {
 public:
  void add(const OrderedBlock& block, std::uint64_t position) override {
    constexpr VictimQueue::Rank kDeepest = std::numeric_limits<VictimQueue::Rank>::max();
    const auto depth = static_cast<VictimQueue::Rank>(std::min<std::uint64_t>(position, kDeepest));
    queue_.add(block.index, kDeepest - depth);
  }
  void use(const OrderedBlock& block) override { queue_.use(block.index, queue_.rank(block.index)); }
};

}  // namespace

std::unique_ptr<EvictionOrder> make_length_aware_order(std::uint64_t) {
  return std::make_unique<LengthAwareOrder>();
}

}  // namespace kvsim::sim
