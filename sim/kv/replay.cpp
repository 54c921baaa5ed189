// SPDX-License-Identifier: Apache-2.0
#include "sim/kv/replay.h"

#include <vector>

#include "sim/kv/block_store.h"
#include "traces/blocks.h"
#include "traces/offer_all.h"

namespace kvsim::sim {
namespace {

// True: the block was there.
bool use_or_store(BlockStore& store, BlockKey key, std::uint64_t position, Nanoseconds now,
                  std::vector<BlockKey>& added) {
  if (store.find(key, now) == BlockState::kReady) {
    store.touch({&key, 1}, now);
    return true;
  }
  if (store.reserve({&key, 1}, position, 1, {}, now, added)) store.commit(key, now);
  return false;
}

}  // namespace

ReplayResult replay_blocks(traces::Source& source, std::uint32_t block_tokens, std::uint64_t capacity_blocks,
                           EvictionPolicy policy) {
  BlockStore store({.capacity_bytes = capacity_blocks, .eviction = policy, .retention = {}});
  ReplayResult result;
  std::vector<BlockKey> keys, added;
  traces::offer_all(source, [&](const traces::Request& request) {
    keys.clear();
    added.clear();
    traces::chained_blocks(request.prompt, block_tokens, true, keys);
    for (std::size_t i = 0; i < keys.size(); ++i)
      result.hits += use_or_store(store, keys[i], i, request.arrival, added) ? 1 : 0;
    result.lookups += keys.size();
  });
  return result;
}

}  // namespace kvsim::sim
