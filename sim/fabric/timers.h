// SPDX-License-Identifier: Apache-2.0
// What falls due, by time; at one instant in ascending order of the entries themselves.
#pragma once

#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "base/time.h"

namespace kvsim::sim {

template <class Entry>
class Timers {
 public:
  void put(Nanoseconds time, Entry entry) { queue_.emplace(time, std::move(entry)); }
  Nanoseconds next() const { return queue_.empty() ? kNever : queue_.top().first; }
  bool empty() const { return queue_.empty(); }
  bool is_due(Nanoseconds now) const { return !queue_.empty() && queue_.top().first <= now; }
  Entry take() {
    Entry first = queue_.top().second;
    queue_.pop();
    return first;
  }

 private:
  using Item = std::pair<Nanoseconds, Entry>;
  std::priority_queue<Item, std::vector<Item>, std::greater<>> queue_;
};

}  // namespace kvsim::sim
