// SPDX-License-Identifier: Apache-2.0
// Who wrote the blocks of a store. Owners without blocks are forgotten.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "sim/kv/block_slab.h"

namespace kvsim::sim {

class BlockOwners {
 public:
  explicit BlockOwners(BlockSlab& slab) : slab_(slab) {}

  void add(BlockIndex block, const BlockOwner& owner);
  void remove(BlockIndex block);

  // In the order of owners, sessions first, and of writing.
  std::vector<BlockIndex> of_tenant(std::uint32_t tenant) const;
  std::vector<BlockIndex> of_session(std::uint64_t session) const;
  std::vector<BlockStore::Oldest> oldest() const;

 private:
  using Key = std::pair<std::uint64_t, std::uint32_t>;  // session, tenant: a session's end is frequent

  void append(const OwnedBlocks& owned, std::vector<BlockIndex>& blocks) const;

  BlockSlab& slab_;
  std::map<Key, OwnedBlocks> owners_;
  OwnedBlocks* latest_ = nullptr;  // that a block was added to, while it has blocks
};

}  // namespace kvsim::sim
