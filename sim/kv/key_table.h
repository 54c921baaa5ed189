// SPDX-License-Identifier: Apache-2.0
// Finds the place of a key: open addressing with linear probing, 8 bytes a slot, at most three quarters full.
// A slot holds 32 bits of the key's hash and the place; the key itself is asked of its owner, key_of(place).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "sim/kv/block_places.h"

namespace kvsim::sim {

class KeyTable {
 public:
  template <class KeyOf>
  BlockIndex find(std::uint64_t key, KeyOf key_of) const {
    const std::uint32_t hash = hash_of(key);
    for (std::size_t at = home(hash);; at = after(at)) {
      const Slot& slot = slots_[at];
      if (slot.place == kNoBlock) return kNoBlock;
      if (slot.hash == hash && key_of(slot.place) == key) return slot.place;
    }
  }

  void insert(std::uint64_t key, BlockIndex place) {  // the key is absent
    if (4 * (size_ + 1) > 3 * slots_.size()) grow();
    put({hash_of(key), place});
    ++size_;
  }

  void erase(std::uint64_t key, BlockIndex place) {  // the key is there
    std::size_t hole = home(hash_of(key));
    while (slots_[hole].place != place) hole = after(hole);
    for (std::size_t at = after(hole); slots_[at].place != kNoBlock; at = after(at)) {
      if (distance(home(slots_[at].hash), at) < distance(hole, at)) continue;
      slots_[hole] = slots_[at];
      hole = at;
    }
    slots_[hole] = {};
    --size_;
  }

  std::uint64_t size() const { return size_; }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    BlockIndex place = kNoBlock;
  };

  // Fibonacci hashing: the upper half of the product is well mixed, its highest bits most.
  static std::uint32_t hash_of(std::uint64_t key) {
    return static_cast<std::uint32_t>((key * 0x9E3779B97F4A7C15u) >> 32);
  }
  std::size_t home(std::uint32_t hash) const { return hash >> shift_; }
  std::size_t after(std::size_t at) const { return (at + 1) & (slots_.size() - 1); }
  std::size_t distance(std::size_t from, std::size_t to) const { return (to - from) & (slots_.size() - 1); }

  void put(const Slot& slot) {
    std::size_t at = home(slot.hash);
    while (slots_[at].place != kNoBlock) at = after(at);
    slots_[at] = slot;
  }

  void grow() {
    std::vector<Slot> old(2 * slots_.size());
    old.swap(slots_);
    --shift_;
    for (const Slot& slot : old) {
      if (slot.place != kNoBlock) put(slot);
    }
  }

  unsigned shift_ = 28;  // 2^(32 - shift_) slots
  std::vector<Slot> slots_ = std::vector<Slot>(16);
  std::uint64_t size_ = 0;
};

}  // namespace kvsim::sim
