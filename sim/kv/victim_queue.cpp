// SPDX-License-Identifier: Apache-2.0
#include "sim/kv/victim_queue.h"

#include <algorithm>

namespace kvsim::sim {

void VictimQueue::push_back(BlockIndex block, Rank rank) {
  Node& node = nodes_[block];
  node.rank = rank;
  node.last_use = uses_++;
  node.where = Where::kListed;
  lists_[rank].push_back(block, links());
}

void VictimQueue::add(BlockIndex block, Rank rank) {
  nodes_.reach(block);
  nodes_[block].busy = true;
  push_back(block, rank);
}

void VictimQueue::use(BlockIndex block, Rank rank) {
  remove(block);
  push_back(block, rank);
}

void VictimQueue::remove(BlockIndex block) {
  const Node& node = nodes_[block];
  if (node.where == Where::kReturned) returned_.erase(turn(block));
  if (node.where != Where::kListed) return;
  const auto list = lists_.find(node.rank);
  list->second.remove(block, links());
  if (list->second.empty()) lists_.erase(list);
}

void VictimQueue::set_idle(BlockIndex block) {
  Node& node = nodes_[block];
  node.busy = false;
  if (node.where != Where::kAside) return;
  node.where = Where::kReturned;
  returned_.insert(turn(block));
}

void VictimQueue::set_aside(BlockIndex block) {
  remove(block);
  nodes_[block].where = Where::kAside;
}

BlockIndex VictimQueue::first_listed(Rank rank) {
  for (auto list = lists_.find(rank); list != lists_.end(); list = lists_.find(rank)) {
    const BlockIndex block = list->second.first;
    if (!nodes_[block].busy) return block;
    set_aside(block);
  }
  return kNoBlock;
}

BlockIndex VictimQueue::first_returned(Rank rank) {
  const Turn earliest{rank, 0, 0};
  for (auto found = returned_.lower_bound(earliest); found != returned_.end();
       found = returned_.lower_bound(earliest)) {
    const auto [its_rank, last_use, block] = *found;
    if (its_rank != rank) break;
    if (!nodes_[block].busy) return block;
    set_aside(block);
  }
  return kNoBlock;
}

BlockIndex VictimQueue::first_of(Rank rank) {
  const BlockIndex listed = first_listed(rank);
  const BlockIndex returned = first_returned(rank);
  if (listed == kNoBlock) return returned;
  if (returned == kNoBlock) return listed;
  return nodes_[listed].last_use < nodes_[returned].last_use ? listed : returned;
}

BlockIndex VictimQueue::first() {
  while (!lists_.empty() || !returned_.empty()) {
    Rank lowest = lists_.empty() ? ~Rank{0} : lists_.begin()->first;
    if (!returned_.empty()) lowest = std::min(lowest, std::get<0>(*returned_.begin()));
    const BlockIndex block = first_of(lowest);
    if (block != kNoBlock) return block;
  }
  return kNoBlock;
}

}  // namespace kvsim::sim
