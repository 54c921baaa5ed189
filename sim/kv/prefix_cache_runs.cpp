// SPDX-License-Identifier: Apache-2.0
#include "sim/kv/prefix_cache_runs.h"

#include <algorithm>
#include <stdexcept>

namespace kvsim::sim {

RunStore::RunStore(CacheTree& tree, CacheTeller& teller, std::uint64_t blocks)
    : tree_(tree), teller_(teller) {
  release_unhashed(blocks, false);
}

CacheRun* RunStore::add_copy(CacheNode& node, std::uint64_t begin, std::uint64_t end) {
  CacheRun* run = runs_.make();
  *run = CacheRun{.node = &node, .begin = begin, .end = end, .holders = 1};
  node.runs.push_back(*run);
  return run;
}

CacheRun* RunStore::cut(CacheRun& run, std::uint64_t block) {
  CacheRun* rest = runs_.make();
  *rest =
      CacheRun{.node = run.node, .begin = block, .end = run.end, .holders = run.holders, .tails = run.tails};
  run.end = block;
  run.tails = 0;
  rest->copy_previous = &run;
  rest->copy_next = run.copy_next;
  if (run.copy_next) run.copy_next->copy_previous = rest;
  run.copy_next = rest;
  run.node->runs.insert_after(run, *rest);
  if (run.holders == 0) queue_.insert_before(run, *rest);
  return rest;
}

void RunStore::hold(CacheRun& run) {
  if (run.holders++ > 0) return;
  queue_.remove(run);
  free_blocks_ -= run.blocks();
}

void RunStore::release(CacheRun& run) {
  if (--run.holders > 0) return;
  free_blocks_ += run.blocks();
  CacheRun* back = queue_.back();
  if (back && back == run.copy_next && back->node == run.node) join_with_back(run);
  queue_.push_back(run);
}

// Two neighbours of one copy that follow each other in the queue are one run again.
void RunStore::join_with_back(CacheRun& run) {
  CacheRun* rest = queue_.back();
  queue_.remove(*rest);
  run.end = rest->end;
  run.copy_next = rest->copy_next;
  if (run.copy_next) run.copy_next->copy_previous = &run;
  run.node->runs.remove(*rest);
  runs_.recycle(rest);
}

void RunStore::release_unhashed(std::uint64_t blocks, bool to_front) {
  if (blocks == 0) return;
  free_blocks_ += blocks;
  CacheRun* neighbour = to_front ? queue_.front() : queue_.back();
  if (neighbour && !neighbour->node) {
    neighbour->end += blocks;
    return;
  }
  CacheRun* run = runs_.make();
  *run = CacheRun{.end = blocks};
  to_front ? queue_.push_front(*run) : queue_.push_back(*run);
}

std::uint64_t RunStore::take_front(std::uint64_t blocks) {
  if (blocks > free_blocks_) throw std::logic_error("prefix cache: more blocks asked for than are free");
  free_blocks_ -= blocks;
  std::uint64_t evicted = 0;
  while (blocks > 0) {
    CacheRun& run = *queue_.front();
    const std::uint64_t count = std::min(blocks, run.blocks());
    blocks -= count;
    run.end -= count;
    if (run.node) {
      evicted += count;
      if (teller_.listens()) teller_.removed(*run.node, run.end, run.end + count);
      unlink_next(run);
    }
    if (run.blocks() == 0) forget(run);
  }
  return evicted;
}

void RunStore::unlink_next(CacheRun& run) {
  if (!run.copy_next) return;
  run.copy_next->copy_previous = nullptr;
  run.copy_next = nullptr;
}

void RunStore::forget(CacheRun& run) {
  queue_.remove(run);
  if (run.copy_previous) unlink_next(*run.copy_previous);
  if (run.node) {
    run.node->runs.remove(run);
    if (run.node->runs.empty()) tree_.drop(*run.node);
  }
  runs_.recycle(&run);
}

}  // namespace kvsim::sim
