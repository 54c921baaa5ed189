// SPDX-License-Identifier: Apache-2.0
// The records of a store's blocks, one cache line each, found by place or key.
#pragma once

#include <cstdint>
#include <stdexcept>

#include "sim/kv/block_store.h"
#include "sim/kv/key_table.h"

namespace kvsim::sim {

// Blocks of one owner, in the order in which they were reserved.
struct OwnedBlocks {
  BlockOwner owner;
  IndexList blocks;
};

// Why a block leaves. Once it has a reason it is served no more, but it stays while it is busy.
enum class Leaving : std::uint8_t { kNot, kEvicted, kExpired, kErased, kDiscarded };

struct Block {
  BlockKey key = 0;
  std::uint64_t bytes = 0;
  Nanoseconds reserved = 0;
  Nanoseconds kept_since = 0;  // when its retention began
  IndexLinks by_retention;     // unlinked once it leaves
  IndexLinks by_owner;
  OwnedBlocks* owner = nullptr;
  std::uint32_t pins = 0;
  bool written = false;
  Leaving leaving = Leaving::kNot;

  bool busy() const { return pins > 0 || !written; }
};
static_assert(sizeof(Block) == 64);

class BlockSlab {
 public:
  Block& operator[](BlockIndex place) { return blocks_[place]; }

  BlockIndex find(BlockKey key) const {
    return table_.find(key, [this](BlockIndex place) { return blocks_[place].key; });
  }

  BlockIndex make(BlockKey key) {  // absent before
    constexpr std::uint64_t kMost = std::uint64_t{1} << 31;
    if (table_.size() == kMost) throw std::length_error("block store: more than 2^31 blocks");
    const BlockIndex place = places_.take();
    blocks_.reach(place);
    blocks_[place] = Block{};
    blocks_[place].key = key;
    table_.insert(key, place);
    return place;
  }
  void recycle(BlockIndex place) {
    table_.erase(blocks_[place].key, place);
    places_.give_back(place);
  }
  std::uint64_t size() const { return table_.size(); }

  auto by_retention() {
    return [this](BlockIndex place) -> IndexLinks& { return blocks_[place].by_retention; };
  }
  auto by_owner() {
    return [this](BlockIndex place) -> IndexLinks& { return blocks_[place].by_owner; };
  }

 private:
  ChunkedArray<Block> blocks_;
  PlacePool places_;
  KeyTable table_;
};

}  // namespace kvsim::sim
