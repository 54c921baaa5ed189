// SPDX-License-Identifier: Apache-2.0
// A cache of blocks that evicts the one touched least often since it came in; among equals the one touched
// longest ago.
#pragma once

#include <cstdint>
#include <set>
#include <tuple>
#include <unordered_map>

namespace kvsim::traces {

class LfuCache {
 public:
  explicit LfuCache(std::uint64_t capacity_blocks) : capacity_(capacity_blocks) {}
  bool touch(std::uint64_t block);  // true: it was there

 private:
  using Rank = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>;  // touches, time of the last, block

  std::uint64_t capacity_;
  std::uint64_t clock_ = 0;
  std::set<Rank> order_;
  std::unordered_map<std::uint64_t, std::set<Rank>::iterator> resident_;
};

}  // namespace kvsim::traces
