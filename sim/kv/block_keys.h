// SPDX-License-Identifier: Apache-2.0
// Keys of a sequence's blocks in the tiers below the GPU: each names all tokens up to the block's end, the
// salt and the key space. Two keys are equal where all of these are, however the tokens are cut into pieces
// (sim/kv/prefix_cache_content.h), and otherwise differ but for a chance of 2^-64.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/kv/block_store.h"
#include "traces/request.h"

namespace kvsim::sim {

// Where the next block begins in a content that only grows at its end.
struct KeyCursor {
  std::size_t piece = 0;
  std::uint32_t offset = 0;
};

// What sets apart the keys of equal contents.
std::uint64_t key_seed(std::uint64_t salt, std::uint64_t key_space);

// Appends the keys of blocks [keys.size(), full_blocks) to `keys`; `cursor` is where block keys.size()
// begins and moves on to block full_blocks. Cost: the blocks appended and the pieces they span. Between calls
// for the same keys `content` may only grow at its end (its last piece may grow, pieces may follow).
// std::logic_error when the content is shorter than its blocks. `block_tokens` > 0.
void extend_keys(std::vector<BlockKey>& keys, KeyCursor& cursor, const std::vector<traces::Piece>& content,
                 std::uint64_t seed, std::uint32_t block_tokens, std::uint64_t full_blocks);

}  // namespace kvsim::sim
