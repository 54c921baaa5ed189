// SPDX-License-Identifier: Apache-2.0
// Tells a replica's listener which blocks came into its host memory and which left it, by the keys that
// routers know them by: the engine's own may be private to it.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "sim/kv/block_store.h"
#include "sim/kv/cache_events.h"

namespace kvsim::sim {

class HostTeller final : public BlockStoreListener {
 public:
  HostTeller(CacheListener& listener, std::uint32_t block_tokens)
      : listener_(listener), block_tokens_(block_tokens) {}

  // The store has taken in `added`, a subsequence of `keys`; told_keys[i] is what routers call keys[i].
  void name(std::span<const BlockKey> keys, std::span<const BlockKey> told_keys,
            const std::vector<BlockKey>& added);
  void on_ready(BlockKey key) override;
  void on_gone(BlockKey key) override;
  // Tells all that has happened since the last time.
  void flush();

 private:
  struct Block {
    BlockKey told_key = 0;
    bool ready = false;
  };
  void note(CacheEventKind kind, BlockKey told_key);

  CacheListener& listener_;
  std::uint32_t block_tokens_;
  std::unordered_map<BlockKey, Block> blocks_;
  std::vector<CacheEvent> noted_;
};

}  // namespace kvsim::sim
