// SPDX-License-Identifier: Apache-2.0
#include "traces/profile/lfu_cache.h"

namespace kvsim::traces {

bool LfuCache::touch(std::uint64_t block) {
  ++clock_;
  if (const auto found = resident_.find(block); found != resident_.end()) {
    auto node = order_.extract(found->second);
    node.value() = {std::get<0>(node.value()) + 1, clock_, block};
    found->second = order_.insert(std::move(node)).position;
    return true;
  }
  if (capacity_ == 0) return false;
  if (resident_.size() == capacity_) {
    resident_.erase(std::get<2>(*order_.begin()));
    order_.erase(order_.begin());
  }
  resident_[block] = order_.insert({1, clock_, block}).first;
  return false;
}

}  // namespace kvsim::traces
