// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/kv/block_pool_twin.h"

#include <algorithm>
#include <stdexcept>

#include "base/random.h"

namespace kvsim::sim {

std::vector<std::uint64_t> block_identities(std::uint64_t salt, const std::vector<Piece>& content,
                                            std::uint32_t block_tokens) {
  std::vector<std::uint64_t> identities;
  std::uint64_t chain = mix64(salt + 1);
  std::uint32_t in_block = 0;
  for (const Piece& piece : content) {
    const std::uint64_t stream = mix64(piece.stream + 0x9e3779b97f4a7c15);
    for (std::uint64_t token = 0; token < piece.tokens; ++token) {
      chain = mix64(chain ^ (stream + piece.offset + token));
      if (++in_block < block_tokens) continue;
      identities.push_back(chain);
      in_block = 0;
    }
  }
  return identities;
}

BlockPoolTwin::BlockPoolTwin(const PrefixCacheSettings& settings, std::vector<TwinEvent>* events)
    : settings_(settings),
      events_(events),
      blocks_(settings.blocks + 1),
      end_(static_cast<std::uint32_t>(settings.blocks)) {
  blocks_[end_].previous = blocks_[end_].next = end_;
  for (std::uint32_t block = 0; block < end_; ++block) insert_between(blocks_[end_].previous, block, end_);
}

PrefixMatch BlockPoolTwin::match(const std::vector<std::uint64_t>& identities, std::uint64_t limit) const {
  PrefixMatch match;
  for (std::uint64_t identity : identities) {
    const auto found = copies_.find(identity);
    if (match.blocks == limit || found == copies_.end()) break;
    ++match.blocks;
    if (blocks_[found->second.front()].holders == 0) ++match.free_blocks;
  }
  return match;
}

void BlockPoolTwin::take(TwinHolder& holder, const std::vector<std::uint64_t>& identities,
                         std::uint64_t blocks) {
  for (std::uint64_t i = 0; i < blocks; ++i) {
    const std::uint32_t block = copies_.at(identities[i]).front();
    if (blocks_[block].holders++ == 0) unlink(block);
    holder.blocks.push_back(block);
  }
  holder.registered = blocks;
}

void BlockPoolTwin::allocate(TwinHolder& holder, std::uint64_t count) {
  for (; count > 0; --count) {
    const std::uint32_t block = blocks_[end_].next;
    if (block == end_) throw std::logic_error("the twin has no free block");
    unlink(block);
    evict(block);
    blocks_[block].holders = 1;
    holder.blocks.push_back(block);
  }
}

void BlockPoolTwin::register_full(TwinHolder& holder, const std::vector<std::uint64_t>& identities,
                                  std::uint64_t full_blocks) {
  if (!settings_.enabled) return;
  for (; holder.registered < full_blocks; ++holder.registered) {
    const std::uint32_t block = holder.blocks[holder.registered];
    blocks_[block].identity = identities.at(holder.registered);
    blocks_[block].hashed = true;
    copies_[blocks_[block].identity].push_back(block);
    tell(CacheEventKind::kStored, blocks_[block].identity);
    ++cached_;
    ++counters_.registered_blocks;
  }
}

void BlockPoolTwin::release(TwinHolder& holder) {
  std::uint32_t unhashed_after =
      end_;  // the unhashed go to the front, in the order in which they are released
  for (auto block = holder.blocks.rbegin(); block != holder.blocks.rend(); ++block) {
    if (--blocks_[*block].holders > 0) continue;
    if (settings_.unhashed_blocks_first && !blocks_[*block].hashed) {
      insert_between(unhashed_after, *block, blocks_[unhashed_after].next);
      unhashed_after = *block;
    } else {
      insert_between(blocks_[end_].previous, *block, end_);
    }
  }
  holder = {};
}

void BlockPoolTwin::insert_between(std::uint32_t previous, std::uint32_t block, std::uint32_t next) {
  blocks_[block].previous = previous;
  blocks_[block].next = next;
  blocks_[previous].next = block;
  blocks_[next].previous = block;
  ++free_;
}

void BlockPoolTwin::unlink(std::uint32_t block) {
  blocks_[blocks_[block].previous].next = blocks_[block].next;
  blocks_[blocks_[block].next].previous = blocks_[block].previous;
  --free_;
}

void BlockPoolTwin::evict(std::uint32_t block) {
  if (!blocks_[block].hashed) return;
  tell(CacheEventKind::kRemoved, blocks_[block].identity);
  auto copies = copies_.find(blocks_[block].identity);
  copies->second.erase(std::find(copies->second.begin(), copies->second.end(), block));
  if (copies->second.empty()) copies_.erase(copies);
  blocks_[block].hashed = false;
  --cached_;
  ++counters_.evicted_blocks;
}

}  // namespace kvsim::sim
