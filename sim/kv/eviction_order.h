// SPDX-License-Identifier: Apache-2.0
// What an eviction policy is to a block store: the order in which idle blocks go. The store says what happens
// to each block and which are busy (being written or read); the policy ranks them in a VictimQueue.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/kv/block_store.h"
#include "sim/kv/victim_queue.h"

namespace kvsim::sim {

struct OrderedBlock {
  BlockIndex index = kNoBlock;
  BlockKey key = 0;
  std::uint64_t bytes = 0;
};

class EvictionOrder {
 public:
  virtual ~EvictionOrder() = default;

  void set_busy(BlockIndex block) { queue_.set_busy(block); }
  void set_idle(BlockIndex block) { queue_.set_idle(block); }

  // Told before room is made for a block that is then added.
  virtual void expect(BlockKey, std::uint64_t /*bytes*/) {}
  // A new block, busy until said otherwise. `position` counts blocks from its sequence's start.
  virtual void add(const OrderedBlock& block, std::uint64_t position) = 0;
  virtual void use(const OrderedBlock& block) = 0;
  virtual BlockIndex victim() { return queue_.first(); }            // kNoBlock: none is idle
  virtual void evict(const OrderedBlock& block) { remove(block); }  // the victim goes
  virtual void remove(const OrderedBlock& block) { queue_.remove(block.index); }

 protected:
  VictimQueue queue_;
};

std::unique_ptr<EvictionOrder> make_lru_order(std::uint64_t capacity_bytes);
std::unique_ptr<EvictionOrder> make_arc_order(std::uint64_t capacity_bytes);
std::unique_ptr<EvictionOrder> make_lfu_order(std::uint64_t capacity_bytes);
std::unique_ptr<EvictionOrder> make_length_aware_order(std::uint64_t capacity_bytes);

std::unique_ptr<EvictionOrder> make_eviction_order(EvictionPolicy policy, std::uint64_t capacity_bytes);

}  // namespace kvsim::sim
