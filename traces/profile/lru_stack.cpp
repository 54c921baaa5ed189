// SPDX-License-Identifier: Apache-2.0
#include "traces/profile/lru_stack.h"

#include <algorithm>

namespace kvsim::traces {

void LruStack::add(std::uint64_t place, int change) {
  for (; place < tree_.size(); place += place & -place) tree_[place] += static_cast<std::uint32_t>(change);
}

std::uint64_t LruStack::marked_up_to(std::uint64_t place) const {
  std::uint64_t sum = 0;
  for (; place > 0; place -= place & -place) sum += tree_[place];
  return sum;
}

LruStack::Touch LruStack::touch(std::uint64_t block, Nanoseconds now) {
  if (next_ >= tree_.size()) renumber();
  const auto [latest, first] = latest_.at(block);
  Touch touch;
  if (!first) {
    const std::uint64_t total = latest_.size();
    touch = {false, total - marked_up_to(latest.place) + 1, now - latest.time};
    add(latest.place, -1);
  }
  latest = {next_, now};
  add(next_++, 1);
  return touch;
}

std::uint64_t LruStack::blocks_since(std::size_t moment) const {
  return latest_.size() - marked_up_to(moments_[moment] - 1);
}

void LruStack::renumber() {
  latest_.for_each([&](Latest& latest) { latest.place = marked_up_to(latest.place); });
  for (std::uint64_t& moment : moments_) moment = marked_up_to(moment - 1) + 1;
  next_ = latest_.size() + 1;
  tree_.assign(std::max<std::size_t>(tree_.size(), 4 * next_), 0);
  for (std::uint64_t place = 1; place < next_; ++place) add(place, 1);
}

}  // namespace kvsim::traces
