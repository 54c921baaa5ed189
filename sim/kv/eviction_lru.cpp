// SPDX-License-Identifier: Apache-2.0
// Least recently used first.
#include "sim/kv/eviction_order.h"

namespace kvsim::sim {
namespace {

class LruOrder final : public EvictionOrder {
 public:
  void add(const OrderedBlock& block, std::uint64_t) override { queue_.add(block.index, 0); }
  void use(const OrderedBlock& block) override { queue_.use(block.index, 0); }
};

}  // namespace

std::unique_ptr<EvictionOrder> make_lru_order(std::uint64_t) { return std::make_unique<LruOrder>(); }

}  // namespace kvsim::sim
