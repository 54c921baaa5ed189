// SPDX-License-Identifier: Apache-2.0
#include "sim/kv/block_store.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "sim/kv/block_owners.h"
#include "sim/kv/eviction_order.h"

namespace kvsim::sim {

struct BlockStore::State {
  State(const BlockStoreSettings& given, BlockStoreListener* told)
      : settings(given), listener(told), order(make_eviction_order(given.eviction, given.capacity_bytes)) {}

  OrderedBlock ordered(BlockIndex place) {
    const Block& block = slab[place];
    return {place, block.key, block.bytes};
  }
  BlockIndex known(BlockKey key, const char* misuse);

  void add(BlockKey key, std::uint64_t position, std::uint64_t bytes, const BlockOwner& owner,
           Nanoseconds now);
  void use(BlockIndex place, Nanoseconds now);
  void hold(BlockIndex place);
  void let_go(BlockIndex place);
  void settle(BlockIndex place);
  void evict(BlockIndex place);
  void leave(BlockIndex place, Leaving reason);
  void drop(BlockIndex place);
  std::uint64_t erase(const std::vector<BlockIndex>& places);
  std::uint64_t expire(Nanoseconds now);

  BlockStoreSettings settings;
  BlockStoreListener* listener;
  BlockStoreCounters counters;
  std::uint64_t used_bytes = 0;
  std::uint64_t idle_bytes = 0;  // of blocks that may be evicted
  BlockSlab slab;
  BlockOwners owners{slab};
  IndexList by_retention;  // the next to expire first
  std::unique_ptr<EvictionOrder> order;
  std::vector<BlockIndex> present;  // scratch of reserve()
};

BlockIndex BlockStore::State::known(BlockKey key, const char* misuse) {
  const BlockIndex place = slab.find(key);
  if (place == kNoBlock) throw std::logic_error(misuse);
  return place;
}

void BlockStore::State::add(BlockKey key, std::uint64_t position, std::uint64_t bytes,
                            const BlockOwner& owner, Nanoseconds now) {
  order->expect(key, bytes);
  while (settings.capacity_bytes - used_bytes < bytes) evict(order->victim());
  const BlockIndex place = slab.make(key);
  Block& block = slab[place];
  block.bytes = bytes;
  block.reserved = block.kept_since = now;
  used_bytes += bytes;
  owners.add(place, owner);
  by_retention.push_back(place, slab.by_retention());
  order->add(ordered(place), position);
}

void BlockStore::State::use(BlockIndex place, Nanoseconds now) {
  order->use(ordered(place));
  if (settings.retention.since == RetentionSince::kWrite) return;
  slab[place].kept_since = now;
  by_retention.remove(place, slab.by_retention());
  by_retention.push_back(place, slab.by_retention());
}

void BlockStore::State::hold(BlockIndex place) {
  Block& block = slab[place];
  if (!block.busy()) {
    idle_bytes -= block.bytes;
    order->set_busy(place);
  }
  ++block.pins;
}

void BlockStore::State::let_go(BlockIndex place) {
  --slab[place].pins;
  settle(place);
}

// After a write or a read ended.
void BlockStore::State::settle(BlockIndex place) {
  const Block& block = slab[place];
  if (block.busy()) return;
  if (block.leaving != Leaving::kNot) return drop(place);
  idle_bytes += block.bytes;
  order->set_idle(place);
}

void BlockStore::State::evict(BlockIndex place) {
  order->evict(ordered(place));
  by_retention.remove(place, slab.by_retention());
  idle_bytes -= slab[place].bytes;
  slab[place].leaving = Leaving::kEvicted;
  if (listener) listener->on_gone(slab[place].key);
  drop(place);
}

void BlockStore::State::leave(BlockIndex place, Leaving reason) {
  Block& block = slab[place];
  if (block.leaving == Leaving::kNot) {
    order->remove(ordered(place));
    by_retention.remove(place, slab.by_retention());
    if (!block.busy()) idle_bytes -= block.bytes;
    if (listener) listener->on_gone(block.key);
  }
  block.leaving = reason;
  if (!block.busy() || reason == Leaving::kDiscarded) drop(place);
}

void BlockStore::State::drop(BlockIndex place) {
  const Block& block = slab[place];
  if (block.leaving == Leaving::kEvicted) ++counters.evicted;
  if (block.leaving == Leaving::kExpired) ++counters.expired;
  if (block.leaving == Leaving::kErased) ++counters.erased;
  used_bytes -= block.bytes;
  owners.remove(place);
  slab.recycle(place);
}

std::uint64_t BlockStore::State::erase(const std::vector<BlockIndex>& places) {
  std::uint64_t erased = 0;
  for (const BlockIndex place : places) {
    if (slab[place].leaving != Leaving::kNot) continue;
    leave(place, Leaving::kErased);
    ++erased;
  }
  return erased;
}

std::uint64_t BlockStore::State::expire(Nanoseconds now) {
  std::uint64_t expired = 0;
  const Nanoseconds limit = settings.retention.limit;
  while (!by_retention.empty() && now - slab[by_retention.first].kept_since > limit) {
    leave(by_retention.first, Leaving::kExpired);
    ++expired;
  }
  return expired;
}

BlockStore::BlockStore(const BlockStoreSettings& settings, BlockStoreListener* listener)
    : state_(std::make_unique<State>(settings, listener)) {}
BlockStore::~BlockStore() = default;

BlockState BlockStore::find(BlockKey key, Nanoseconds now) {
  state_->expire(now);
  const BlockIndex place = state_->slab.find(key);
  if (place == kNoBlock || state_->slab[place].leaving != Leaving::kNot) return BlockState::kAbsent;
  return state_->slab[place].written ? BlockState::kReady : BlockState::kWriting;
}

void BlockStore::touch(std::span<const BlockKey> keys, Nanoseconds now) {
  state_->expire(now);
  for (std::size_t i = keys.size(); i-- > 0;) {
    const BlockIndex place = state_->slab.find(keys[i]);
    if (place != kNoBlock && state_->slab[place].leaving == Leaving::kNot) state_->use(place, now);
  }
}

bool BlockStore::reserve(std::span<const BlockKey> keys, std::uint64_t first_block, std::uint64_t bytes,
                         const BlockOwner& owner, Nanoseconds now, std::vector<BlockKey>& added) {
  if (bytes == 0) throw std::logic_error("block store: a block needs bytes");
  State& state = *state_;
  state.expire(now);
  state.present.clear();
  for (const BlockKey key : keys) {
    const BlockIndex place = state.slab.find(key);
    if (place != kNoBlock) state.present.push_back(place);
  }
  for (const BlockIndex place : state.present) state.hold(place);
  const std::uint64_t room = state.settings.capacity_bytes - state.used_bytes + state.idle_bytes;
  const bool fits = keys.size() - state.present.size() <= room / bytes;
  const auto before = std::ssize(added);
  for (std::size_t i = fits ? keys.size() : 0; i-- > 0;) {
    if (state.slab.find(keys[i]) != kNoBlock) continue;
    state.add(keys[i], first_block + i, bytes, owner, now);
    added.push_back(keys[i]);
  }
  std::reverse(added.begin() + before, added.end());
  for (const BlockIndex place : state.present) state.let_go(place);
  return fits;
}

void BlockStore::commit(BlockKey key, Nanoseconds now) {
  state_->expire(now);
  const BlockIndex place = state_->known(key, "block store: commit of a block that is not there");
  if (state_->slab[place].written) throw std::logic_error("block store: commit of a block that is written");
  state_->slab[place].written = true;
  if (state_->listener && state_->slab[place].leaving == Leaving::kNot) state_->listener->on_ready(key);
  ++state_->counters.written;
  state_->settle(place);
}

void BlockStore::discard(BlockKey key) {
  const BlockIndex place = state_->known(key, "block store: discard of a block that is not there");
  if (state_->slab[place].written) throw std::logic_error("block store: discard of a block that is written");
  state_->leave(place, Leaving::kDiscarded);
}

void BlockStore::pin(BlockKey key) {
  const BlockIndex place = state_->known(key, "block store: pin of a block that is not there");
  const Block& block = state_->slab[place];
  if (!block.written || block.leaving != Leaving::kNot)
    throw std::logic_error("block store: pin of a block that is not ready");
  state_->hold(place);
}

void BlockStore::unpin(BlockKey key, Nanoseconds now) {
  state_->expire(now);
  const BlockIndex place = state_->known(key, "block store: unpin of a block that is not there");
  if (state_->slab[place].pins == 0) throw std::logic_error("block store: unpin of a block without pin");
  state_->let_go(place);
}

std::uint64_t BlockStore::evict_to(std::uint64_t bytes, Nanoseconds now) {
  state_->expire(now);
  std::uint64_t evicted = 0;
  while (state_->used_bytes > bytes) {
    const BlockIndex place = state_->order->victim();
    if (place == kNoBlock) break;
    state_->evict(place);
    ++evicted;
  }
  return evicted;
}

std::uint64_t BlockStore::erase_tenant(std::uint32_t tenant, Nanoseconds now) {
  state_->expire(now);
  return state_->erase(state_->owners.of_tenant(tenant));
}

std::uint64_t BlockStore::erase_session(std::uint64_t session, Nanoseconds now) {
  state_->expire(now);
  return session == 0 ? 0 : state_->erase(state_->owners.of_session(session));
}

std::uint64_t BlockStore::expire(Nanoseconds now) { return state_->expire(now); }

std::uint64_t BlockStore::used_bytes() const { return state_->used_bytes; }
std::uint64_t BlockStore::capacity_bytes() const { return state_->settings.capacity_bytes; }
std::uint64_t BlockStore::blocks() const { return state_->slab.size(); }
const BlockStoreCounters& BlockStore::counters() const { return state_->counters; }

std::vector<BlockStore::Oldest> BlockStore::oldest(Nanoseconds now) {
  state_->expire(now);
  return state_->owners.oldest();
}

}  // namespace kvsim::sim
