// SPDX-License-Identifier: Apache-2.0
#include "sim/replica/host_teller.h"

#include <utility>

namespace kvsim::sim {

void HostTeller::name(std::span<const BlockKey> keys, std::span<const BlockKey> told_keys,
                      const std::vector<BlockKey>& added) {
  std::size_t place = 0;
  for (const BlockKey key : added) {
    while (keys[place] != key) ++place;
    blocks_[key] = {told_keys[place], false};
  }
}

void HostTeller::on_ready(BlockKey key) {
  Block& block = blocks_.at(key);
  block.ready = true;
  note(CacheEventKind::kStored, block.told_key);
}

void HostTeller::on_gone(BlockKey key) {
  const auto node = blocks_.extract(key);
  if (node.mapped().ready) note(CacheEventKind::kRemoved, node.mapped().told_key);
}

void HostTeller::note(CacheEventKind kind, BlockKey told_key) {
  if (noted_.empty() || noted_.back().kind != kind)
    noted_.push_back({.kind = kind, .tier = CacheTier::kHost, .block_tokens = block_tokens_});
  noted_.back().host_keys.push_back(told_key);
}

void HostTeller::flush() {
  for (CacheEvent& event : noted_) listener_.on_cache_event(std::move(event));
  noted_.clear();
}

}  // namespace kvsim::sim
