// SPDX-License-Identifier: Apache-2.0
// A hash map from 64-bit hashes to small values in one array, a third of the memory of std::unordered_map.
// Keys are hashes already, so that 0 may share the place of 1; nothing is ever erased.
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"

namespace kvsim::traces {

template <class Value>
class FlatMap {
 public:
  // The value of `key`, and whether it is new (then the value is Value{}). The reference lasts until the next
  // call.
  std::pair<Value&, bool> at(std::uint64_t key) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    Slot& slot = find(key);
    const bool fresh = slot.key == 0;
    if (fresh) {
      slot.key = key == 0 ? 1 : key;
      ++size_;
    }
    return {slot.value, fresh};
  }

  bool contains(std::uint64_t key) { return !slots_.empty() && find(key).key != 0; }
  std::size_t size() const { return size_; }

  template <class Use>
  void for_each(Use use) {
    for (Slot& slot : slots_) {
      if (slot.key != 0) use(slot.value);
    }
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    [[no_unique_address]] Value value{};
  };

  Slot& find(std::uint64_t key) {
    key = key == 0 ? 1 : key;
    const std::size_t mask = slots_.size() - 1;
    std::size_t place = mix64(key) & mask;
    while (slots_[place].key != 0 && slots_[place].key != key) place = (place + 1) & mask;
    return slots_[place];
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? 1024 : 2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.key != 0) find(slot.key) = slot;
    }
  }

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace kvsim::traces
