// SPDX-License-Identifier: Apache-2.0
// Which running requests flow control may ask the fleet to give up: sheddable ones (priority < 0), the least
// important first, of these the one sent last (llm-d-router's sheddable-eviction-filter and
// priority-then-time-eviction-order-policy).
#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <utility>

namespace kvsim::sim {

class RunningSheddable {
 public:
  void sent(std::uint32_t slot, std::int32_t priority) {
    if (priority >= 0) return;
    const Key key{priority, -(++sent_)};
    by_worth_.emplace(key, slot);
    keys_[slot] = key;
  }
  void ended(std::uint32_t slot) {
    const auto found = keys_.find(slot);
    if (found == keys_.end()) return;
    by_worth_.erase(found->second);
    keys_.erase(found);
  }
  bool empty() const { return by_worth_.empty(); }
  std::uint32_t take() {  // not empty
    const std::uint32_t slot = by_worth_.begin()->second;
    ended(slot);
    return slot;
  }

 private:
  using Key = std::pair<std::int32_t, std::int64_t>;  // priority; later ones smaller
  std::int64_t sent_ = 0;
  std::map<Key, std::uint32_t> by_worth_;
  std::unordered_map<std::uint32_t, Key> keys_;  // by slot
};

}  // namespace kvsim::sim
