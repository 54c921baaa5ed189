// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/kv/block_store_twin.h"

#include <algorithm>

namespace kvsim::sim {

// --- leaving
void BlockStoreTwin::drop(BlockKey key) { blocks_.erase(key); }

void BlockStoreTwin::leave(BlockKey key, std::uint64_t& counter) {
  Block& block = blocks_.at(key);
  const bool busy = !block.written || block.pins > 0;
  block.leaving = &counter;
  if (busy) return;
  ++counter;
  drop(key);
}

template <class Doomed>
std::uint64_t BlockStoreTwin::leave_all(std::uint64_t& counter, Doomed doomed) {
  std::vector<BlockKey> keys;
  for (const auto& [key, block] : blocks_) {
    if (!block.leaving && doomed(block)) keys.push_back(key);
  }
  for (const BlockKey key : keys) leave(key, counter);
  return keys.size();
}

std::uint64_t BlockStoreTwin::expire(Nanoseconds now) {
  const Retention& kept = settings_.retention;
  return leave_all(counters_.expired, [&](const Block& block) {
    return now - (kept.since == RetentionSince::kWrite ? block.reserved : block.used) > kept.limit;
  });
}

std::uint64_t BlockStoreTwin::erase_tenant(std::uint32_t tenant, Nanoseconds now) {
  expire(now);
  return leave_all(counters_.erased, [&](const Block& block) { return block.owner.tenant == tenant; });
}

std::uint64_t BlockStoreTwin::erase_session(std::uint64_t session, Nanoseconds now) {
  expire(now);
  if (session == 0) return 0;
  return leave_all(counters_.erased, [&](const Block& block) { return block.owner.session == session; });
}

// --- use
BlockState BlockStoreTwin::find(BlockKey key, Nanoseconds now) {
  expire(now);
  const auto found = blocks_.find(key);
  if (found == blocks_.end() || found->second.leaving) return BlockState::kAbsent;
  return found->second.written ? BlockState::kReady : BlockState::kWriting;
}

void BlockStoreTwin::touch(const std::vector<BlockKey>& keys, Nanoseconds now) {
  expire(now);
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    if (find(*key, now) == BlockState::kAbsent) continue;
    Block& block = blocks_.at(*key);
    block.used = now;
    block.last_use = ++uses_;
    ++block.uses;
    block.again = true;
  }
}

void BlockStoreTwin::commit(BlockKey key, Nanoseconds now) {
  expire(now);
  Block& block = blocks_.at(key);
  block.written = true;
  ++counters_.written;
  if (block.leaving) leave(key, *block.leaving);
}

void BlockStoreTwin::unpin(BlockKey key, Nanoseconds now) {
  expire(now);
  Block& block = blocks_.at(key);
  if (--block.pins == 0 && block.leaving) leave(key, *block.leaving);
}

// --- eviction
bool BlockStoreTwin::may_go(BlockKey key, const std::vector<BlockKey>& kept) const {
  return idle(blocks_.at(key)) && std::find(kept.begin(), kept.end(), key) == kept.end();
}

std::pair<std::uint64_t, std::uint64_t> BlockStoreTwin::turn(const Block& block, bool shrink_t1) const {
  switch (settings_.eviction) {
    case EvictionPolicy::kLru:
      return {0, block.last_use};
    case EvictionPolicy::kLfu:
      return {block.uses, block.last_use};
    case EvictionPolicy::kLengthAware:
      return {1'000'000 - block.position, block.last_use};
    case EvictionPolicy::kArc:
      return {block.again == shrink_t1, block.last_use};
  }
  return {};
}

std::optional<BlockKey> BlockStoreTwin::victim(const std::vector<BlockKey>& kept, bool back_from_b2) const {
  const auto t1 = static_cast<double>(resident_bytes(false));
  const bool shrink_t1 = t1 > target_ || (back_from_b2 && t1 == target_);
  std::optional<BlockKey> best;
  for (const auto& [key, block] : blocks_) {
    if (!may_go(key, kept)) continue;
    if (!best || turn(block, shrink_t1) < turn(blocks_.at(*best), shrink_t1)) best = key;
  }
  return best;
}

void BlockStoreTwin::evict(BlockKey key) {
  const Block& block = blocks_.at(key);
  ghosts_.push_back({key, block.bytes, block.again});
  ++counters_.evicted;
  drop(key);
}

std::uint64_t BlockStoreTwin::evict_to(std::uint64_t bytes, Nanoseconds now) {
  expire(now);
  std::uint64_t evicted = 0;
  for (; used_bytes() > bytes; ++evicted) {
    const auto key = victim({}, false);
    if (!key) break;
    evict(*key);
  }
  return evicted;
}

std::uint64_t BlockStoreTwin::used_bytes() const {
  std::uint64_t sum = 0;
  for (const auto& [key, block] : blocks_) sum += block.bytes;
  return sum;
}

// --- adding
bool BlockStoreTwin::reserve(const std::vector<BlockKey>& keys, std::uint64_t first_block,
                             std::uint64_t bytes, const BlockOwner& owner, Nanoseconds now,
                             std::vector<BlockKey>& added) {
  expire(now);
  std::vector<BlockKey> absent;
  for (const BlockKey key : keys) {
    if (!blocks_.contains(key)) absent.push_back(key);
  }
  std::uint64_t room = settings_.capacity_bytes - used_bytes();
  for (const auto& [key, block] : blocks_) room += may_go(key, keys) ? block.bytes : 0;
  if (absent.size() * bytes > room) return false;
  for (std::size_t i = keys.size(); i-- > 0;) {
    if (blocks_.contains(keys[i])) continue;
    const auto [again, back_from_b2] = adapt(keys[i], bytes);
    while (used_bytes() + bytes > settings_.capacity_bytes) evict(*victim(keys, back_from_b2));
    blocks_[keys[i]] = {.bytes = bytes, .owner = owner, .reserved = now, .used = now};
    Block& block = blocks_[keys[i]];
    block.position = first_block + i;
    block.uses = 1;
    block.last_use = ++uses_;
    block.again = again;
    trim(false);
    trim(true);
  }
  added.insert(added.end(), absent.begin(), absent.end());
  return true;
}

// --- adaptive replacement
std::uint64_t BlockStoreTwin::resident_bytes(bool again) const {
  std::uint64_t sum = 0;
  for (const auto& [key, block] : blocks_) sum += block.again == again && !block.leaving ? block.bytes : 0;
  return sum;
}

std::uint64_t BlockStoreTwin::ghost_bytes(bool again) const {
  std::uint64_t sum = 0;
  for (const Ghost& ghost : ghosts_) sum += ghost.again == again ? ghost.bytes : 0;
  return sum;
}

std::pair<bool, bool> BlockStoreTwin::adapt(BlockKey key, std::uint64_t bytes) {
  const auto ghost =
      std::find_if(ghosts_.begin(), ghosts_.end(), [&](const Ghost& g) { return g.key == key; });
  if (ghost == ghosts_.end()) return {false, false};
  const bool in_b2 = ghost->again;
  const double ratio = static_cast<double>(ghost_bytes(!in_b2)) / static_cast<double>(ghost_bytes(in_b2));
  const double step = static_cast<double>(bytes) * std::max(1.0, ratio);
  target_ = in_b2 ? std::max(0.0, target_ - step)
                  : std::min(static_cast<double>(settings_.capacity_bytes), target_ + step);
  ghosts_.erase(ghost);
  return {true, in_b2};
}

// B1 gives way while T1 and B1 outgrow the capacity, B2 while all four outgrow it twice.
void BlockStoreTwin::trim(bool again) {
  const auto held = [&] {
    const std::uint64_t first = resident_bytes(false) + ghost_bytes(false);
    return again ? first + resident_bytes(true) + ghost_bytes(true) : first;
  };
  while (held() > settings_.capacity_bytes * (again ? 2 : 1)) {
    const auto oldest = std::find_if(ghosts_.begin(), ghosts_.end(),
                                     [&](const Ghost& ghost) { return ghost.again == again; });
    if (oldest == ghosts_.end()) break;
    ghosts_.erase(oldest);
  }
}

// --- views
std::map<std::uint32_t, Nanoseconds> BlockStoreTwin::oldest(Nanoseconds now) {
  expire(now);
  std::map<std::uint32_t, Nanoseconds> result;
  for (const auto& [key, block] : blocks_) {
    const auto found = result.try_emplace(block.owner.tenant, block.reserved).first;
    found->second = std::min(found->second, block.reserved);
  }
  return result;
}

std::vector<BlockKey> BlockStoreTwin::writing() const {
  std::vector<BlockKey> keys;
  for (const auto& [key, block] : blocks_) {
    if (!block.written) keys.push_back(key);
  }
  return keys;
}

std::vector<BlockKey> BlockStoreTwin::pinned() const {
  std::vector<BlockKey> keys;
  for (const auto& [key, block] : blocks_) {
    if (block.pins > 0) keys.push_back(key);
  }
  return keys;
}

std::vector<BlockKey> BlockStoreTwin::ready() const {
  std::vector<BlockKey> keys;
  for (const auto& [key, block] : blocks_) {
    if (block.written && !block.leaving) keys.push_back(key);
  }
  return keys;
}

}  // namespace kvsim::sim
