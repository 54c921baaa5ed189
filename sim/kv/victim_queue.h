// SPDX-License-Identifier: Apache-2.0
// The blocks of a store in the order in which they may go: lowest rank first, within a rank the one used
// longest ago. Busy blocks keep their turn but are passed over.
//
// A search that meets a busy block sets it aside, so that none is met twice between two uses, however many
// there are; when it falls idle it returns to its old turn through a small ordered set. All else is O(1) but
// for a look-up among the ranks in use.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <tuple>

#include "sim/kv/block_places.h"

namespace kvsim::sim {

class VictimQueue {
 public:
  using Rank = std::uint32_t;

  void add(BlockIndex block, Rank rank);  // absent before; busy, and the last used
  void use(BlockIndex block, Rank rank);  // the last used, at this rank from now on
  void remove(BlockIndex block);
  void set_busy(BlockIndex block) { nodes_[block].busy = true; }
  void set_idle(BlockIndex block);
  Rank rank(BlockIndex block) const { return nodes_[block].rank; }

  BlockIndex first();  // the idle block whose turn it is; kNoBlock: none is idle
  BlockIndex first_of(Rank rank);

 private:
  enum class Where : std::uint8_t { kListed, kAside, kReturned };
  struct Node {
    IndexLinks links;
    std::uint64_t last_use = 0;  // a count of uses
    Rank rank = 0;
    bool busy = false;
    Where where = Where::kListed;
  };
  using Turn = std::tuple<Rank, std::uint64_t, BlockIndex>;

  auto links() {
    return [this](BlockIndex block) -> IndexLinks& { return nodes_[block].links; };
  }
  Turn turn(BlockIndex block) const { return {nodes_[block].rank, nodes_[block].last_use, block}; }
  void push_back(BlockIndex block, Rank rank);
  BlockIndex first_listed(Rank rank);
  BlockIndex first_returned(Rank rank);
  void set_aside(BlockIndex block);

  ChunkedArray<Node> nodes_;
  std::map<Rank, IndexList> lists_;  // none is empty
  std::set<Turn> returned_;
  std::uint64_t uses_ = 0;
};

}  // namespace kvsim::sim
