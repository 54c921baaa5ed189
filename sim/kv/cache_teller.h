// SPDX-License-Identifier: Apache-2.0
// Tells the listener of a prefix cache which blocks got a hash and which lost it. Losses of neighbouring
// blocks, the last first, are held back and told as one; what is told comes in the order in which it
// happened.
#pragma once

#include <cstdint>

#include "sim/kv/cache_events.h"
#include "sim/kv/prefix_cache_nodes.h"

namespace kvsim::sim {

class CacheTeller {
 public:
  CacheTeller(CacheListener* listener, std::uint32_t block_tokens)
      : listener_(listener), block_tokens_(block_tokens) {}

  bool listens() const { return listener_ != nullptr; }

  // Blocks [begin, end) of the content.
  void stored(std::uint64_t salt, const std::vector<Piece>& content, std::uint64_t begin, std::uint64_t end);
  // Copies of the node's blocks [begin, end).
  void removed(const CacheNode& node, std::uint64_t begin, std::uint64_t end);
  void flush();

 private:
  CacheListener* listener_;
  std::uint32_t block_tokens_;
  CacheEvent pending_;           // a removal; no path: none
  std::uint64_t last_node_ = 0;  // ids of the node of its first block and of that node's parent
  std::uint64_t last_parent_ = 0;
};

}  // namespace kvsim::sim
