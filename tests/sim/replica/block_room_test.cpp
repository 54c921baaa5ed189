// SPDX-License-Identifier: Apache-2.0
#include "sim/replica/block_room.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "tests/random_cases.h"

namespace kvsim::sim {
namespace {

std::uint64_t blocks_for(std::uint64_t tokens, std::uint64_t block_tokens) {
  return (tokens + block_tokens - 1) / block_tokens;
}

TEST(BlockRoom, CountsTheBlocksThatMembersOneByOneWouldTake) {
  RandomStream random(1, "test");
  for (int round = 0; round < random_cases(300); ++round) {
    const auto block_tokens = static_cast<std::uint32_t>(1 + random.below(20));
    std::vector<Sequence> sequences(random.below(12));
    std::vector<Sequence*> members;
    for (Sequence& sequence : sequences) {
      sequence.computed = 1 + random.below(200);
      sequence.blocks.unregistered = static_cast<std::uint32_t>(blocks_for(sequence.computed, block_tokens));
      members.push_back(&sequence);
    }
    BlockRoom room(block_tokens);
    room.measure(members, 5);
    for (std::uint64_t steps = 0; steps < 70; ++steps) {
      std::uint64_t taken = 0;
      for (const Sequence& sequence : sequences)
        taken += blocks_for(sequence.computed + steps, block_tokens) - sequence.blocks.blocks();
      ASSERT_EQ(room.blocks(5 + steps), taken) << steps << " steps, blocks of " << block_tokens;
    }
  }
}

}  // namespace
}  // namespace kvsim::sim
