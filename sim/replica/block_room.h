// SPDX-License-Identifier: Apache-2.0
// How many new blocks the members of a steady batch will have taken after some more steps, each of which adds
// one token to every member: told without a look at any of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "sim/replica/sequence.h"

namespace kvsim::sim {

class BlockRoom {
 public:
  explicit BlockRoom(std::uint32_t block_tokens) : block_tokens_(block_tokens), below_(block_tokens + 1) {}

  // Members as they are after `planned` steps. The last block of each has less room than a block.
  void measure(const std::vector<Sequence*>& members, std::uint64_t planned) {
    members_ = members.size();
    planned_ = planned;
    std::fill(below_.begin(), below_.end(), 0);
    for (const Sequence* member : members)
      ++below_.at(member->blocks.blocks() * block_tokens_ - member->computed + 1);
    std::partial_sum(below_.begin(), below_.end(), below_.begin());
  }
  // Taken from then on by the time when `planned` steps are planned.
  std::uint64_t blocks(std::uint64_t planned) const {
    const std::uint64_t steps = planned - planned_;
    return members_ * (steps / block_tokens_) + below_[steps % block_tokens_];
  }

 private:
  std::uint64_t block_tokens_;
  std::uint64_t members_ = 0;
  std::uint64_t planned_ = 0;
  std::vector<std::uint32_t> below_;  // members with room for fewer tokens than that
};

}  // namespace kvsim::sim
