// SPDX-License-Identifier: Apache-2.0
#include "sim/kv/ghost_list.h"

namespace kvsim::sim {

BlockIndex GhostList::find(std::uint64_t key) const {
  return table_.find(key, [this](BlockIndex place) { return ghosts_[place].key; });
}

void GhostList::push(std::uint64_t key, std::uint64_t bytes) {
  const BlockIndex place = places_.take();
  ghosts_.reach(place);
  ghosts_[place] = {key, bytes, {}};
  table_.insert(key, place);
  order_.push_back(place, links());
  bytes_ += bytes;
}

void GhostList::take(std::uint64_t key) { remove(find(key)); }

void GhostList::drop_oldest() { remove(order_.first); }

void GhostList::remove(BlockIndex place) {
  bytes_ -= ghosts_[place].bytes;
  order_.remove(place, links());
  table_.erase(ghosts_[place].key, place);
  places_.give_back(place);
}

}  // namespace kvsim::sim
