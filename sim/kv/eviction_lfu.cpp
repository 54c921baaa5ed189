// SPDX-License-Identifier: Apache-2.0
// Least often used while resident first (its write counts as one use), ties by last use.
#include <limits>

#include "sim/kv/eviction_order.h"

namespace kvsim::sim {
namespace {

class LfuOrder final : public EvictionOrder {
 public:
  void add(const OrderedBlock& block, std::uint64_t) override { queue_.add(block.index, 1); }
  void use(const OrderedBlock& block) override {
    const VictimQueue::Rank uses = queue_.rank(block.index);
    queue_.use(block.index, uses == std::numeric_limits<VictimQueue::Rank>::max() ? uses : uses + 1);
  }
};

}  // namespace

std::unique_ptr<EvictionOrder> make_lfu_order(std::uint64_t) { return std::make_unique<LfuOrder>(); }

}  // namespace kvsim::sim
