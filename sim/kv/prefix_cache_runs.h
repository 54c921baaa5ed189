// SPDX-License-Identifier: Apache-2.0
// The physical blocks: runs, and the queue of those without holder in the order in which they are used again.
//
// In the queue a run stands for its blocks from the last to the first, for they were released tail first:
// taking from the front of the queue shortens the first run at its end.
#pragma once

#include <cstdint>

#include "sim/kv/cache_teller.h"
#include "sim/kv/prefix_cache_nodes.h"

namespace kvsim::sim {

class RunStore {
 public:
  RunStore(CacheTree& tree, CacheTeller& teller, std::uint64_t blocks);

  std::uint64_t free_blocks() const { return free_blocks_; }

  // A new copy of the node's blocks [begin, end), with one holder.
  CacheRun* add_copy(CacheNode& node, std::uint64_t begin, std::uint64_t end);

  // Shortens the run to [begin, block) and returns a new one for the rest.
  CacheRun* cut(CacheRun& run, std::uint64_t block);

  void hold(CacheRun& run);     // one more holder
  void release(CacheRun& run);  // one less; the last one sends it to the back of the queue. Call tail first.

  void release_unhashed(std::uint64_t blocks, bool to_front);

  // Takes blocks from the front of the queue; returns how many of them lost their hash.
  std::uint64_t take_front(std::uint64_t blocks);

 private:
  void join_with_back(CacheRun& run);
  void unlink_next(CacheRun& run);
  void forget(CacheRun& run);

  CacheTree& tree_;
  CacheTeller& teller_;
  Slab<CacheRun> runs_;
  LinkedList<CacheRun, &CacheRun::queue_previous, &CacheRun::queue_next> queue_;
  std::uint64_t free_blocks_ = 0;
};

}  // namespace kvsim::sim
