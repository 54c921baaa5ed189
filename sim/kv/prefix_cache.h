// SPDX-License-Identifier: Apache-2.0
// GPU block pool and prefix cache of one replica, by runs of blocks. Same hits, same evictions as vLLM v1's
// block-by-block pool (see serving-semantics in docs/modelling.md), at a cost that does not grow with prompt
// length.
//
// Content is a list of pieces (traces/request.h). Block i of a sequence is tokens [i*b, (i+1)*b); its
// identity is the chain of all tokens before it and its own, within one salt. One identity may have several
// physical copies; a lookup takes the copy that was registered first among those that remain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/kv/cache_events.h"
#include "traces/request.h"

namespace kvsim::sim {

using traces::Piece;

struct PrefixCacheSettings {
  std::uint64_t blocks = 0;  // usable blocks (vLLM's num_gpu_blocks - 1)
  std::uint32_t block_tokens = 16;
  bool enabled = true;  // false: no block is ever registered
  bool unhashed_blocks_first =
      true;  // freed blocks without hash go to the head of the free list (vLLM >= 0.24)
};

struct PrefixMatch {
  std::uint64_t blocks = 0;       // consecutive cached blocks from the first
  std::uint64_t free_blocks = 0;  // of these, blocks with no holder: they leave the free list when taken
  // The match could grow while a current holder keeps computing, or would after blocks of it were evicted.
  bool ends_at_held_tail = false;
};

struct PrefixCacheCounters {
  std::uint64_t evicted_blocks = 0;  // registered blocks that lost their hash to reuse
  std::uint64_t registered_blocks = 0;
};

// The blocks that one sequence holds, in order: registered ones, then `unregistered` ones.
// Only PrefixCache changes it; it must be empty when destroyed.
struct CacheRun;  // sim/kv/prefix_cache_runs.h
struct BlockHolder {
  struct Part {
    CacheRun* run = nullptr;
    std::uint64_t blocks = 0;
  };
  std::uint32_t registered = 0;
  std::uint32_t unregistered = 0;
  std::vector<Part> parts;
  CacheRun* tail = nullptr;    // run of the last registered block, or an earlier cut of it
  std::size_t next_piece = 0;  // where in the content the next block to register begins
  std::uint32_t next_offset = 0;
  std::uint64_t blocks() const { return std::uint64_t{registered} + unregistered; }
};

class PrefixCache {
 public:
  // `listener` is told of every block that gets or loses its hash, at the latest by flush_events(); nullptr:
  // nobody.
  explicit PrefixCache(const PrefixCacheSettings& settings, CacheListener* listener = nullptr);
  ~PrefixCache();
  PrefixCache(const PrefixCache&) = delete;
  PrefixCache& operator=(const PrefixCache&) = delete;

  std::uint64_t free_blocks() const;  // never used, or without holder
  std::uint64_t total_blocks() const;
  std::uint64_t cached_blocks() const;  // registered physical blocks, held or not
  std::uint64_t index_size() const;     // stretches of content in the index: what memory grows with
  const PrefixCacheCounters& counters() const;

  // Longest consecutive match of at most `limit_blocks` blocks. Changes nothing.
  PrefixMatch match(std::uint64_t salt, const std::vector<Piece>& content, std::uint64_t limit_blocks) const;

  // Takes the match of the same arguments for an empty holder: it holds those blocks from now on. `blocks` is
  // at most what match() found just before.
  void take(BlockHolder& holder, std::uint64_t salt, const std::vector<Piece>& content, std::uint64_t blocks);

  // Pops `count` blocks off the free list's head, evicting what they cached, into the holder's unregistered
  // end. count <= free_blocks().
  void allocate(BlockHolder& holder, std::uint64_t count);

  // The holder's blocks [registered, full_blocks) are now full of `content` (prompt, then answer so far):
  // register them. No-op when disabled. full_blocks <= holder.blocks(). From take() or the first
  // register_full() to release(), `content` may only grow at its end.
  void register_full(BlockHolder& holder, std::uint64_t salt, const std::vector<Piece>& content,
                     std::uint64_t full_blocks);

  // Drops all of the holder's blocks, tail first.
  void release(BlockHolder& holder);

  // Tells what was held back so that blocks which leave one after the other are told as one.
  void flush_events();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kvsim::sim
