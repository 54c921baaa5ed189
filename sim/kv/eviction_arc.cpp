// SPDX-License-Identifier: Apache-2.0
// Adaptive replacement cache (Megiddo, Modha: "ARC: A Self-Tuning, Low Overhead Replacement Cache", FAST
// 2003). T1 holds blocks used once since they came, T2 those used again; B1 and B2 remember the keys that
// left each. A block that comes back from B1 widens T1's share of the room, one from B2 narrows it.
//
// Blocks may have several sizes, so every length of the paper is a sum of bytes here, and the share moves by
// the returning block's bytes where the paper moves by one; with equal blocks it is the paper's rule. T1 and
// B1 hold at most the capacity together, all four lists at most twice. Only an evicted block leaves its key.
// If no block of the list to shrink may go, the other list gives one.
#include <algorithm>

#include "sim/kv/eviction_order.h"
#include "sim/kv/ghost_list.h"

namespace kvsim::sim {
namespace {

constexpr VictimQueue::Rank kOnce = 0;   // T1 and B1
constexpr VictimQueue::Rank kAgain = 1;  // T2 and B2

class ArcOrder final : public EvictionOrder {
 public:
  explicit ArcOrder(std::uint64_t capacity_bytes) : capacity_(static_cast<double>(capacity_bytes)) {}

  void expect(BlockKey key, std::uint64_t bytes) override {
    returns_to_ = kOnce;
    returns_from_again_ = ghosts_[kAgain].contains(key);
    const VictimQueue::Rank from = returns_from_again_ ? kAgain : kOnce;
    if (!ghosts_[from].contains(key)) return;
    const double step = static_cast<double>(bytes) * std::max(1.0, ghost_bytes(1 - from) / ghost_bytes(from));
    once_target_ = std::clamp(once_target_ + (from == kOnce ? step : -step), 0.0, capacity_);
    ghosts_[from].take(key);
    returns_to_ = kAgain;
  }

  void add(const OrderedBlock& block, std::uint64_t) override {
    queue_.add(block.index, returns_to_);
    bytes_[returns_to_] += block.bytes;
    returns_from_again_ = false;
    forget_oldest();
  }

  void use(const OrderedBlock& block) override {
    bytes_[queue_.rank(block.index)] -= block.bytes;
    queue_.use(block.index, kAgain);
    bytes_[kAgain] += block.bytes;
  }

  BlockIndex victim() override {
    const auto once = static_cast<double>(bytes_[kOnce]);
    const bool shrink_once = once > once_target_ || (returns_from_again_ && once == once_target_);
    const BlockIndex block = queue_.first_of(shrink_once ? kOnce : kAgain);
    return block == kNoBlock ? queue_.first_of(shrink_once ? kAgain : kOnce) : block;
  }

  void evict(const OrderedBlock& block) override {
    ghosts_[queue_.rank(block.index)].push(block.key, block.bytes);
    remove(block);
  }

  void remove(const OrderedBlock& block) override {
    bytes_[queue_.rank(block.index)] -= block.bytes;
    queue_.remove(block.index);
  }

 private:
  double ghost_bytes(VictimQueue::Rank list) const { return static_cast<double>(ghosts_[list].bytes()); }
  double with_ghosts(VictimQueue::Rank list) const {
    return static_cast<double>(bytes_[list]) + ghost_bytes(list);
  }

  void forget_oldest() {
    while (ghosts_[kOnce].bytes() > 0 && with_ghosts(kOnce) > capacity_) ghosts_[kOnce].drop_oldest();
    while (ghosts_[kAgain].bytes() > 0 && with_ghosts(kOnce) + with_ghosts(kAgain) > 2 * capacity_)
      ghosts_[kAgain].drop_oldest();
  }

  double capacity_;
  double once_target_ = 0;                // the paper's p
  std::uint64_t bytes_[2] = {};           // of T1, T2
  GhostList ghosts_[2];                   // B1, B2
  VictimQueue::Rank returns_to_ = kOnce;  // list of the block that is expected
  bool returns_from_again_ = false;       // it was in B2
};

}  // namespace

std::unique_ptr<EvictionOrder> make_arc_order(std::uint64_t capacity_bytes) {
  return std::make_unique<ArcOrder>(capacity_bytes);
}

}  // namespace kvsim::sim
