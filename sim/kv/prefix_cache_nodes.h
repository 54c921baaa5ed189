// SPDX-License-Identifier: Apache-2.0
// Data of the prefix cache: a tree of content (sim/kv/content_tree.h) and runs; a run is a stretch of one
// physical copy of a node's blocks.
//
// Runs: neighbouring physical blocks that share their fate. A holder always holds whole runs, so a run has
// one reference count and one place in the free queue; a run that is taken in part is cut first. The cuts of
// one copy stay linked (copy_previous, copy_next) as long as they touch, also across nodes, so that a holder
// that took the copy before a cut finds all of its blocks from the first run on. A link between two runs ends
// only while neither is held.
//
// Nodes: `runs` is in order of registration: where several runs cover a block, the oldest is the one to hit.
// A node's content may be longer than what its runs still cache.
//
// No gaps: for each cached copy of a block there is a copy of the block before that was registered earlier
// and is evicted later. Its holder holds one (what it hit is the oldest there is, what it computed follows
// what it held) and releases it after the copy itself. So a node without runs has no children, and every
// cached block can be hit.
#pragma once

#include <cstdint>

#include "sim/kv/content_tree.h"
#include "sim/kv/prefix_cache_memory.h"

namespace kvsim::sim {

struct CacheNode;

struct CacheRun {
  CacheNode* node = nullptr;  // nullptr: blocks without hash, in the free queue only
  std::uint64_t begin = 0;    // blocks [begin, end) of the sequence
  std::uint64_t end = 0;
  std::uint32_t holders = 0;  // 0: in the free queue
  std::uint32_t tails = 0;    // holders whose last registered block is the last of this run
  CacheRun* queue_previous = nullptr;
  CacheRun* queue_next = nullptr;
  CacheRun* older = nullptr;
  CacheRun* newer = nullptr;
  CacheRun* copy_previous = nullptr;
  CacheRun* copy_next = nullptr;

  std::uint64_t blocks() const { return end - begin; }
};

struct CacheNode : ContentNode<CacheNode> {
  std::uint64_t tails = 0;  // sum over its runs
  LinkedList<CacheRun, &CacheRun::older, &CacheRun::newer> runs;
};

using CacheTree = ContentTree<CacheNode>;

}  // namespace kvsim::sim
