// SPDX-License-Identifier: Apache-2.0
#include "sim/kv/block_owners.h"

#include <algorithm>

namespace kvsim::sim {

void BlockOwners::add(BlockIndex block, const BlockOwner& owner) {
  if (!latest_ || latest_->owner != owner)
    latest_ = &owners_.try_emplace({owner.session, owner.tenant}, OwnedBlocks{owner, {}}).first->second;
  latest_->blocks.push_back(block, slab_.by_owner());
  slab_[block].owner = latest_;
}

void BlockOwners::remove(BlockIndex block) {
  OwnedBlocks* owned = slab_[block].owner;
  owned->blocks.remove(block, slab_.by_owner());
  if (!owned->blocks.empty()) return;
  if (latest_ == owned) latest_ = nullptr;
  owners_.erase({owned->owner.session, owned->owner.tenant});
}

void BlockOwners::append(const OwnedBlocks& owned, std::vector<BlockIndex>& blocks) const {
  for (BlockIndex block = owned.blocks.first; block != kNoBlock; block = slab_[block].by_owner.next)
    blocks.push_back(block);
}

std::vector<BlockIndex> BlockOwners::of_tenant(std::uint32_t tenant) const {
  std::vector<BlockIndex> blocks;
  for (const auto& [key, owned] : owners_) {
    if (owned.owner.tenant == tenant) append(owned, blocks);
  }
  return blocks;
}

std::vector<BlockIndex> BlockOwners::of_session(std::uint64_t session) const {
  std::vector<BlockIndex> blocks;
  for (auto found = owners_.lower_bound({session, 0});
       found != owners_.end() && found->first.first == session; ++found)
    append(found->second, blocks);
  return blocks;
}

std::vector<BlockStore::Oldest> BlockOwners::oldest() const {
  std::map<std::uint32_t, Nanoseconds> by_tenant;
  for (const auto& [key, owned] : owners_) {
    const Nanoseconds first = slab_[owned.blocks.first].reserved;
    const auto [found, fresh] = by_tenant.try_emplace(owned.owner.tenant, first);
    found->second = std::min(found->second, first);
  }
  std::vector<BlockStore::Oldest> result;
  for (const auto& [tenant, written] : by_tenant) result.push_back({tenant, written});
  return result;
}

}  // namespace kvsim::sim
