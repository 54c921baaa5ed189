// SPDX-License-Identifier: Apache-2.0
// Stack distances (Mattson et al. 1970): a touch at distance d hits every LRU cache of at least d blocks, so
// one pass gives the hit ratio of all sizes. A Fenwick tree over the order of touches marks the latest touch
// of each block, so that a distance is a count of marks: O(log unique blocks) a touch, memory by unique
// blocks.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "traces/profile/flat_map.h"

namespace kvsim::traces {

class LruStack {
 public:
  struct Touch {
    bool first = true;
    std::uint64_t distance = 0;  // 1: the block touched last; 0: never touched before
    Nanoseconds since = 0;       // time from its touch before
  };
  Touch touch(std::uint64_t block, Nanoseconds now);

  std::uint64_t blocks() const { return latest_.size(); }
  void note_moment() { moments_.push_back(next_); }
  // Different blocks touched since the moment noted as number `moment` (0 is the first).
  std::uint64_t blocks_since(std::size_t moment) const;

 private:
  struct Latest {
    std::uint64_t place = 0;  // 1-based, in the order of touches
    Nanoseconds time = 0;
  };
  void add(std::uint64_t place, int change);
  std::uint64_t marked_up_to(std::uint64_t place) const;
  void renumber();  // live places become 1.. in the same order

  FlatMap<Latest> latest_;
  std::vector<std::uint32_t> tree_ = std::vector<std::uint32_t>(std::size_t{1} << 16);
  std::vector<std::uint64_t> moments_;  // the place of the next touch then
  std::uint64_t next_ = 1;
};

}  // namespace kvsim::traces
