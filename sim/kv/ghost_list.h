// SPDX-License-Identifier: Apache-2.0
// Keys of blocks that were evicted, in the order in which they went, with their sizes.
#pragma once

#include <cstdint>

#include "sim/kv/key_table.h"

namespace kvsim::sim {

class GhostList {
 public:
  std::uint64_t bytes() const { return bytes_; }  // of the blocks that went
  bool contains(std::uint64_t key) const { return find(key) != kNoBlock; }

  void push(std::uint64_t key, std::uint64_t bytes);  // absent before
  void take(std::uint64_t key);                       // there before
  void drop_oldest();                                 // not empty before

 private:
  struct Ghost {
    std::uint64_t key = 0;
    std::uint64_t bytes = 0;
    IndexLinks links;
  };

  auto links() {
    return [this](BlockIndex place) -> IndexLinks& { return ghosts_[place].links; };
  }
  BlockIndex find(std::uint64_t key) const;
  void remove(BlockIndex place);

  ChunkedArray<Ghost> ghosts_;
  PlacePool places_;
  KeyTable table_;
  IndexList order_;
  std::uint64_t bytes_ = 0;
};

}  // namespace kvsim::sim
